import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

const lambda = new LambdaClient({});

/** The answer to each command. A command is the first word of a message. */
const commands = new Map([
  ["!help", () => `Commands: ${[...commands.keys()].join(", ")}`],
  ["!ping", ({ from }) => `pong, ${from}`],
  ["!time", ({ at }) => `It is ${at}.`],
]);

/** Throws if the answer was not sent: Lambda then retries the event. */
export const handler = async ({ detail }) => {
  // Answers are messages too. Without this line, two bots could answer each other forever.
  if (detail.publisher) return;
  const answer = commands.get(detail.data.split(/\s/, 1)[0]);
  if (answer)
    await publish({ channel: detail.channel, data: answer(detail), from: process.env.NAME, id: `to-${detail.id}` });
};

/** Derived from the message, the id prevents a second answer if the event arrives again. */
async function publish(message) {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({
      FunctionName: process.env.PUBLISH_FUNCTION,
      Payload: JSON.stringify({ messages: [message] }),
    }),
  );
  if (FunctionError) throw new Error(`The function ${process.env.PUBLISH_FUNCTION} failed`);
  const { outcomes, error = outcomes[0].error } = JSON.parse(Payload.transformToString());
  if (error) throw new Error(`The answer was not sent: ${error.code}`);
}
