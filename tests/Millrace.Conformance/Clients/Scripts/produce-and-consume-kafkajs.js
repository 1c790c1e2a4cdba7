// Arguments: bootstrap, topic, group, count. Prints how many distinct values the group got back, then its committed offsets summed up.
const { Kafka, logLevel, CompressionTypes } = require('kafkajs');
const [bootstrap, topic, groupId, count] = process.argv.slice(2);
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.ERROR });

async function produce() {
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  const messages = Array.from({ length: Number(count) }, (_, i) => ({ key: `key ${i}`, value: `value ${i}`, headers: { n: `${i}` } }));
  await producer.send({ topic, messages, compression: CompressionTypes.GZIP });
  await producer.disconnect();
}

async function consume() {
  const consumer = kafka.consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const seen = new Set();
  await new Promise((resolve, reject) => {
    consumer.on(consumer.events.CRASH, event => reject(event.payload.error));
    consumer.run({ eachMessage: async ({ message }) => { if (seen.add(message.value.toString()).size === Number(count)) resolve(); } });
  });
  await consumer.disconnect();
  return seen.size;
}

async function committed() {
  const admin = kafka.admin();
  await admin.connect();
  const [{ partitions }] = await admin.fetchOffsets({ groupId, topics: [topic] });
  await admin.disconnect();
  return partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
}

produce().then(consume).then(async seen => console.log(`${seen} ${await committed()}`)).catch(error => { console.error(error); process.exit(1); });
