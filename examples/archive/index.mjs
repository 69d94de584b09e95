import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";

const dynamodb = new DynamoDBClient({});

/** All updates can be repeated, and can arrive in any order. */
export const handler = async ({ "detail-type": type, detail }) => {
  if (type === "message stored") await store(detail);
  if (type === "message edited") await edit(detail);
  if (type === "message deleted") await remove(detail);
};

/** Has no effect if the message was edited or deleted before. */
async function store({ channel, id, from, data }) {
  await update(
    { channel, id },
    {
      UpdateExpression: "SET #from = :from, #data = :data",
      ConditionExpression: "attribute_not_exists(deletedBy) AND attribute_not_exists(edit)",
      ExpressionAttributeNames: { "#from": "from", "#data": "data" },
      ExpressionAttributeValues: { ":from": { S: from }, ":data": { S: data } },
    },
  );
}

/** Has no effect if the message was deleted, or a newer edit arrived before. */
async function edit({ channel, id, from, data, edit }) {
  await update(
    { channel, id },
    {
      UpdateExpression: "SET #from = :from, #data = :data, edit = :edit",
      ConditionExpression: "attribute_not_exists(deletedBy) AND (attribute_not_exists(edit) OR edit < :edit)",
      ExpressionAttributeNames: { "#from": "from", "#data": "data" },
      ExpressionAttributeValues: { ":from": { S: from }, ":data": { S: data }, ":edit": { S: edit } },
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
