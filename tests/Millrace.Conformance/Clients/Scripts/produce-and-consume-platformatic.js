// Arguments: bootstrap, topic, group, count. Reads as a group of two what is produced, commits it; prints what it saw as JSON.
const { Admin, Consumer, Producer, stringDeserializers, stringSerializers } = require('@platformatic/kafka');
const [bootstrap, topic, groupId, count] = process.argv.slice(2);
const options = { clientId: 'produce-and-consume', bootstrapBrokers: [bootstrap] };
const admin = new Admin(options);

async function produce() {
  const producer = new Producer({ ...options, idempotent: true, compression: 'gzip', serializers: stringSerializers });
  const message = i => ({ topic, key: `key ${i}`, value: `value ${i}`, headers: { n: `${i}` } });
  await producer.send({ messages: Array.from({ length: Number(count) }, (_, i) => message(i)) });
  await producer.close();
}

async function join(received) {
  const consumer = new Consumer({ ...options, groupId, deserializers: stringDeserializers });
  const from = { mode: 'committed', fallbackMode: 'earliest' };
  const stream = await consumer.consume({ topics: [topic], ...from, autocommit: false, maxWaitTime: 100 });
  const reading = (async () => { for await (const message of stream) await received(message); })();
  return { consumer, stream, reading };
}

// Each message is committed as it comes. They are sent when the group is settled: no rebalance takes a partition in between.
async function consume() {
  const seen = new Map();
  let all;
  const done = new Promise(resolve => { all = resolve; });
  const received = async message => {
    await message.commit();
    seen.set(message.value, message.headers.get('n'));
    if (seen.size === Number(count)) all();
  };
  const members = [await join(received), await join(received)];
  await produce();
  await done;
  const group = (await admin.describeGroups({ groups: [groupId] })).get(groupId);
  for (const { consumer, stream, reading } of members) {
    await stream.close();
    await reading;
    await consumer.close(true);
  }
  const whole = [...seen].every(([value, n]) => value === `value ${n}`);
  return { values: seen.size, whole, members: group.members.size, state: group.state };
}

async function committed() {
  const [{ topics }] = await admin.listConsumerGroupOffsets({ groups: [groupId] });
  const partitions = topics.find(each => each.name === topic).partitions;
  return partitions.reduce((sum, { committedOffset }) => sum + Math.max(0, Number(committedOffset)), 0);
}

async function run() {
  const seen = await consume();
  seen.committed = await committed();
  await admin.deleteGroups({ groups: [groupId] });
  await admin.close();
  return seen;
}

run().then(seen => console.log(JSON.stringify(seen))).catch(error => { console.error(error); process.exit(1); });
