import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import { type Placeholders, placeholders } from "./placeholders.ts";

/*
 * A transcript is text that a person reads and this file replays, one line after the other:
 *
 *   anna connects with chat.v1        `ben connects` offers no subprotocol
 *   anna of staff connects            by a token for her that names this group
 *   anna> {"message":"channels"}      what she sends; the next line waits for nothing
 *   anna< {"type":"channels",…}       the next frame that she gets, to the letter
 *   anna hangs up
 *   anna is hung up on
 *   # A remark.
 *   3 times, counted by <n>:          the lines below that begin with two spaces
 *
 * `<id>`, `<time>` and `<guest>`, with a label such as `<id:1>` where there are several, are what differs between
 * two runs. The same placeholder is the same value. Sent only: `<9 bytes>`, so many letters; `<id:1, less 30 s>`, the
 * first id of that moment.
 */

type Clients = Map<string, Client>;

/** The address by which somebody connects: with a token of theirs, where they are of a group. */
export type Address = (who: string, group: string | undefined) => string | Promise<string>;

interface Run {
  readonly address: Address;
  readonly clients: Clients;
  readonly known: Placeholders;
}

/** Does what a transcript says, and gives what came of it: the same lines, up to the first that differs. */
export async function replay(transcript: string, address: Address): Promise<string[]> {
  const run: Run = { address, clients: new Map(), known: placeholders() };
  const came: string[] = [];
  try {
    for (const line of linesOf(transcript)) {
      const heard = await play(line, run);
      came.push(heard);
      if (heard !== line) return came;
    }
    return [...came, ...(await untold(run))];
  } finally {
    await Promise.all([...run.clients.values()].map((client) => client.close()));
  }
}

/** The lines with loops written out. */
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

/** The line as it came true. */
async function play(line: string, run: Run): Promise<string> {
  const [, who = "", group, does = "", text = ""] =
    /^(\w+)(?: of ([\w-]+))?(>|<| connects with| connects| hangs up| is hung up on)(?: (.*))?$/.exec(line) ?? [];
  if (does.startsWith(" connects")) {
    const url = await run.address(who, group);
    run.clients.set(who, await connect(url, { subprotocols: text === "" ? [] : [text] }));
  } else if (does === ">") {
    clientOf(run.clients, who).send(run.known.fillIn(text));
  } else if (does === "<") {
    return `${who}< ${run.known.read(text, await nextOf(run.clients, { who, line }))}`;
  } else if (does === " hangs up") {
    await clientOf(run.clients, who).close();
    run.clients.delete(who);
  } else if (does === " is hung up on") {
    await clientOf(run.clients, who).closed;
    run.clients.delete(who);
  } else if (!line.startsWith("# ")) {
    throw new Error(`The transcript's line "${line}" is none that can be replayed. Look at the top of transcript.ts.`);
  }
  return line;
}

/** What came that the transcript does not tell. */
async function untold({ clients }: Run): Promise<string[]> {
  const all = await Promise.all(
    [...clients].map(async ([who, client]) => (await client.untilEcho()).map((frame) => `${who}< ${frame}`)),
  );
  return all.flat();
}

function clientOf(clients: Clients, who: string): Client {
  const client = clients.get(who);
  if (!client) throw new Error(`"${who}" has not connected. Write "${who} connects with chat.v1" further above.`);
  return client;
}

async function nextOf(clients: Clients, { who, line }: { readonly who: string; readonly line: string }) {
  try {
    return await clientOf(clients, who).next();
  } catch (cause) {
    throw new Error(`Nothing came where the transcript says: ${line}`, { cause });
  }
}
