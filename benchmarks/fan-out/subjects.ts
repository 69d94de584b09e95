import { join } from "node:path";
import { compile, compilePlainly } from "../harness/bundle.ts";
import { CHAT_TABLE, channelOf, idsOf, senderOf, textbookTable } from "./audience.ts";
import type { Call } from "./lambda-host.ts";

/** One way to tell something to everybody. */
export interface Subject {
  readonly name: "chat" | "textbook" | "floor";
  /** Has an audience of this size told. */
  readonly say: (size: number) => Call;
  /** Does what a function has left to another. */
  readonly resume: (event: unknown) => Call;
}

const TEXT = "hello, everybody";

export interface Compiled {
  /** Plays Lambda for any of them. */
  readonly player: string;
  readonly subjects: readonly Subject[];
}

/** The chat's own functions; what the public samples do; and what no fan-out can do without. */
export async function compileSubjects(directory: string): Promise<Compiled> {
  const [sendMessage, fanOut] = await compile(
    { folder: "handlers", entries: ["send-message", "fan-out"] },
    join(directory, "chat"),
  );
  const [textbook] = await compilePlainly(
    { folder: "benchmarks/fan-out/textbook", entries: ["send-message"] },
    directory,
  );
  const [floor] = await compile({ folder: "benchmarks/fan-out", entries: ["floor"] }, directory);
  const [player] = await compile({ folder: "benchmarks/fan-out", entries: ["function"] }, directory);
  const subjects: readonly Subject[] = [
    {
      name: "chat",
      say: (size) => ({ bundle: sendMessage, event: eventOf(size), tableName: CHAT_TABLE }),
      resume: (event) => ({ bundle: fanOut, event, tableName: CHAT_TABLE }),
    },
    {
      name: "textbook",
      say: (size) => ({ bundle: textbook, event: eventOf(size), tableName: textbookTable(size) }),
      resume: onlyOne,
    },
    {
      name: "floor",
      say: (size) => ({ bundle: floor, event: postsTo(size), tableName: "" }),
      resume: onlyOne,
    },
  ];
  return { player, subjects };
}

const postsTo = (size: number): object => ({ connectionIds: idsOf(size).map(encodeURIComponent), body: TEXT });

const eventOf = (size: number): object => ({
  requestContext: {
    routeKey: "sendmessage",
    requestId: "AAAAAAAAAAAAAAA=",
    connectionId: senderOf(size),
    connectedAt: Date.now(),
  },
  body: JSON.stringify({ message: "sendmessage", channel: channelOf(size), data: TEXT }),
});

const onlyOne = (): never => {
  throw new Error("A function left something to another, and there is none.");
};
