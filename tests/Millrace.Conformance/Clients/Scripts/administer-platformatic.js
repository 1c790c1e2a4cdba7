// Arguments: bootstrap, topic. Creates, describes, extends, empties and deletes a topic; prints what it saw as JSON.
const { Admin, Producer, ConfigResourceTypes, stringSerializers } = require('@platformatic/kafka');
const [bootstrap, topic] = process.argv.slice(2);
const options = { clientId: 'administer', bootstrapBrokers: [bootstrap] };
const LATEST = -1n;
const EARLIEST = -2n;
const admin = new Admin(options);

async function produceThree() {
  const producer = new Producer({ ...options, serializers: stringSerializers });
  await producer.send({ messages: ['a', 'b', 'c'].map(value => ({ topic, partition: 0, value })) });
  await producer.close();
}

async function offsetAt(timestamp) {
  const [found] = await admin.listOffsets({ topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }] });
  return Number(found.partitions[0].offset);
}

async function retention() {
  const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configurationKeys: ['retention.ms'] };
  const [{ configs }] = await admin.describeConfigs({ resources: [resource] });
  return configs[0].value;
}

async function run() {
  const seen = {};
  const configs = [{ name: 'retention.ms', value: '60000' }];
  [{ partitions: seen.created }] = await admin.createTopics({ topics: [topic], partitions: 2, replicas: 1, configs });
  const again = admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 });
  seen.again = await again.then(() => 'created', error => error.errors[0].apiId);
  seen.retention = await retention();
  await admin.createPartitions({ topics: [{ name: topic, count: 3 }] });
  await produceThree();
  const metadata = await admin.metadata({ topics: [topic], forceUpdate: true });
  seen.partitions = metadata.topics.get(topic).partitionsCount;
  seen.latest = await offsetAt(LATEST);
  await admin.deleteRecords({ topics: [{ name: topic, partitions: [{ partition: 0, offset: 2n }] }] });
  seen.earliest = await offsetAt(EARLIEST);
  await admin.deleteTopics({ topics: [topic] });
  seen.listed = (await admin.listTopics()).includes(topic);
  await admin.close();
  return seen;
}

run().then(seen => console.log(JSON.stringify(seen))).catch(error => { console.error(error); process.exit(1); });
