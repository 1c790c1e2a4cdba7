// Arguments: bootstrap, topic. Creates, describes, extends and deletes a topic; prints what it saw as JSON.
const { Kafka, logLevel, ConfigResourceTypes } = require('kafkajs');
const [bootstrap, topic] = process.argv.slice(2);
const admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.ERROR }).admin();

async function run() {
  await admin.connect();
  const created = await admin.createTopics({ topics: [{ topic, numPartitions: 2, configEntries: [{ name: 'retention.ms', value: '60000' }] }], waitForLeaders: true });
  const again = await admin.createTopics({ topics: [{ topic }] });
  const { resources } = await admin.describeConfigs({ resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['retention.ms'] }] });
  await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.deleteTopics({ topics: [topic] });
  const { brokers } = await admin.describeCluster();
  await admin.disconnect();
  return { created, again, retention: resources[0].configEntries[0].configValue, partitions: offsets.length, brokers: brokers.length };
}

run().then(seen => console.log(JSON.stringify(seen))).catch(error => { console.error(error); process.exit(1); });
