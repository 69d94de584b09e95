import { expect } from "chai";
import fc, { type Scheduler } from "fast-check";
import sinon from "sinon";
import { SEED } from "../support/random.ts";
import { EditingUser, type EditStep, type OwnMessage } from "../support/storm/editing-user.ts";
import { Gateway } from "../support/storm/gateway.ts";
import { MessageView } from "../support/storm/message-view.ts";
import { expectNone } from "../support/storm/storm.ts";

const RUNS = Math.ceil(Number(process.env.FC_RUNS ?? 300) / 3);
const USERS = 3;

const ACTS: readonly { readonly act: EditStep["act"]; readonly weight: number }[] = [
  { act: "send", weight: 3 },
  { act: "edit", weight: 6 },
  { act: "edit twice", weight: 2 },
  { act: "repeat an edit", weight: 3 },
  { act: "delete", weight: 2 },
  { act: "resume", weight: 2 },
];

const steps = fc.array(
  fc.record({
    user: fc.nat(USERS - 1),
    act: fc.oneof(...ACTS.map(({ act, weight }) => ({ arbitrary: fc.constant(act), weight }))),
    pick: fc.nat(5),
    waits: fc.boolean(),
  }),
  { minLength: 1, maxLength: 30, size: "max" },
);

/** A sentence for each text of a message that should have been replaced. */
function wrongTexts({ id, texts, isDeleted }: OwnMessage, shown: ReadonlyMap<string, string | undefined>): string[] {
  const data = shown.get(id);
  if (isDeleted) return data === undefined ? [] : [`"${data}" was deleted, and is shown`];
  const text = texts.find((each) => each.data === data);
  if (!text?.isAcknowledged) return [`${id} has the text "${data}", which was not acknowledged`];
  const newer = texts.find((each) => each.isAcknowledged && each.begun > text.ended);
  return newer ? [`"${data}" is shown, and was replaced by "${newer.data}"`] : [];
}

async function play(scheduler: Scheduler, taken: readonly EditStep[]): Promise<void> {
  const gateway = new Gateway(scheduler);
  let ticks = 0;
  const tick = (): number => ++ticks;
  const users = Array.from({ length: USERS }, (_, user) => new EditingUser(`p${user}`, tick));
  await scheduler.waitFor(Promise.all(users.map((user) => user.connect(gateway.connect))));
  await scheduler.waitFor(
    Promise.all(users.map((user, index) => user.play(taken.filter((step) => step.user === index)))),
  );
  // All users have finished, so this is the final state.
  await scheduler.waitFor(Promise.all(users.map((user) => user.resume())));
  const kept = new MessageView();
  const reader = await scheduler.waitFor(gateway.connect({ name: "reader", protocol: "chat.v1" }, () => undefined));
  const page = await scheduler.waitFor(reader.request({ message: "history", limit: 100 }));
  if (page?.type !== "history") throw new Error(`Expected the history, but received ${JSON.stringify(page)}.`);
  kept.add(page);
  for (const { pushed, resumed } of users) {
    expect([...pushed.texts()], "by pushes").to.deep.equal([...kept.texts()]);
    expect([...resumed.texts()], "by reading the history").to.deep.equal([...kept.texts()]);
  }
  expectNone(users.flatMap(({ messages }) => messages).flatMap((message) => wrongTexts(message, kept.texts())));
}

describe(`edits and deletions of own messages in a storm (FC_SEED=${SEED} FC_RUNS=${RUNS})`, () => {
  before(() => {
    sinon.replace(console, "info", () => undefined);
  });
  after(() => sinon.restore());

  it("leave the same texts in every client and in the history, and never restore an older text", async () => {
    const storming = fc.asyncProperty(fc.scheduler(), steps, play);
    await fc.assert(storming, { seed: SEED, numRuns: RUNS });
  });
});
