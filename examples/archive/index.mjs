import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";

const dynamodb = new DynamoDBClient({});

/** Both updates can be repeated, and can arrive in any order. */
export const handler = async ({ "detail-type": type, detail }) => {
  if (type === "message stored") await store(detail);
  if (type === "message deleted") await remove(detail);
};

/** Keeps the text of a message out if the message was deleted before. */
async function store({ channel, id, from, data }) {
  await update(
    { channel, id },
    {
      UpdateExpression: "SET #from = :from, #data = :data",
      ConditionExpression: "attribute_not_exists(deletedBy)",
      ExpressionAttributeNames: { "#from": "from", "#data": "data" },
      ExpressionAttributeValues: { ":from": { S: from }, ":data": { S: data } },
    },
  );
}

async function remove({ channel, id, by }) {
  await update(
    { channel, id },
    {
      UpdateExpression: "SET deletedBy = :by REMOVE #data",
      ExpressionAttributeNames: { "#data": "data" },
      ExpressionAttributeValues: { ":by": { S: by } },
    },
  );
}

async function update({ channel, id }, input) {
  const Key = { channel: { S: channel }, id: { S: id } };
  try {
    await dynamodb.send(new UpdateItemCommand({ TableName: process.env.TABLE_NAME, Key, ...input }));
  } catch (fault) {
    if (fault.name !== "ConditionalCheckFailedException") throw fault;
  }
}
