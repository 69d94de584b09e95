import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import { type Placeholders, placeholders } from "./placeholders.ts";

/*
 * A transcript shows a session for readers. This file replays it line by line:
 *
 *   anna connects with chat.v1        connects with this subprotocol, or with none: `ben connects`
 *   anna of staff connects            connects with a token that contains this group
 *   anna/phone of staff connects      another connection of anna
 *   anna> {"message":"channels"}      sends this frame, and does not wait
 *   anna< {"type":"channels",…}       receives exactly this frame
 *   anna disconnects                  closes the connection
 *   anna is disconnected              waits until the server closes the connection
 *   # A comment.
 *   3 times, counted by <n>:          repeats the lines below that begin with two spaces
 *
 * `<id>`, `<time>` and `<guest>`, with a label such as `<id:1>` if there are several, stand for values that differ between
 * runs. The same placeholder has the same value. Sent frames can also contain `<9 bytes>`, for this number of letters, and
 * `<id:1, less 30 s>`, for the first id of that time.
 */

type Clients = Map<string, Client>;

/** The URL for a user, with a token if the user is in a group. */
export type Address = (user: string, group: string | undefined) => string | Promise<string>;

interface Run {
  readonly address: Address;
  readonly clients: Clients;
  readonly known: Placeholders;
}

/** Replays a transcript. Returns the lines that it observed, up to the first one that differs. */
export async function replay(transcript: string, address: Address): Promise<string[]> {
  const run: Run = { address, clients: new Map(), known: placeholders() };
  const observed: string[] = [];
  try {
    for (const line of linesOf(transcript)) {
      const actual = await play(line, run);
      observed.push(actual);
      if (actual !== line) return observed;
    }
    return [...observed, ...(await unexpectedFrames(run))];
  } finally {
    await Promise.all([...run.clients.values()].map((client) => client.close()));
  }
}

/** The lines, with expanded loops. */
export const linesOf = (transcript: string): string[] =>
  transcript
    .trimEnd()
    .replace(/^(\d+) times, counted by <n>:\n((?: {2}.*(?:\n|$))+)/gm, (_, times: string, body: string) =>
      Array.from({ length: Number(times) }, (_, index) =>
        body
          .trimEnd()
          .replaceAll(/^ {2}/gm, "")
          .replaceAll("<n>", String(index + 1)),
      )
        .join("\n")
        .concat("\n"),
    )
    .trimEnd()
    .split("\n");

/** Plays a line. Returns the line as it was observed. */
async function play(line: string, run: Run): Promise<string> {
  const [, user = "", group, does = "", text = ""] =
    /^(\w+(?:\/\w+)?)(?: of ([\w-]+))?(>|<| connects with| connects| disconnects| is disconnected)(?: (.*))?$/.exec(
      line,
    ) ?? [];
  if (does.startsWith(" connects")) {
    const url = await run.address(user.replace(/\/.*/, ""), group);
    run.clients.set(user, await connect(url, { subprotocols: text === "" ? [] : [text] }));
  } else if (does === ">") {
    clientOf(run.clients, user).send(run.known.fillIn(text));
  } else if (does === "<") {
    return `${user}< ${run.known.read(text, await nextOf(run.clients, { user, line }))}`;
  } else if (does === " disconnects") {
    await clientOf(run.clients, user).close();
    run.clients.delete(user);
  } else if (does === " is disconnected") {
    await clientOf(run.clients, user).closed;
    run.clients.delete(user);
  } else if (!line.startsWith("# ")) {
    throw new Error(`The line "${line}" of the transcript is invalid. See the syntax at the top of transcript.ts.`);
  }
  return line;
}

/** The frames that the transcript does not contain. */
async function unexpectedFrames({ clients }: Run): Promise<string[]> {
  const all = await Promise.all(
    [...clients].map(async ([user, client]) => (await client.untilEcho()).map((frame) => `${user}< ${frame}`)),
  );
  return all.flat();
}

function clientOf(clients: Clients, user: string): Client {
  const client = clients.get(user);
  if (!client) throw new Error(`"${user}" has not connected. Write "${user} connects with chat.v1" further above.`);
  return client;
}

async function nextOf(clients: Clients, { user, line }: { readonly user: string; readonly line: string }) {
  try {
    return await clientOf(clients, user).next();
  } catch (cause) {
    throw new Error(`No frame arrived for the line: ${line}`, { cause });
  }
}
