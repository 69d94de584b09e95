import { expect } from "chai";
import {
  type ChatMessage,
  type Chunks,
  messageWithId,
  withEdit,
  withMessage,
  withOlder,
  withoutText,
  withReactions,
} from "../../../web/model/chunks.ts";

const message = (number: number): ChatMessage => ({
  id: String(number).padStart(4, "0"),
  from: "anna",
  text: `text ${number}`,
  at: number,
  isDeleted: false,
  isProgram: false,
});

const range = (from: number, to: number): ChatMessage[] =>
  Array.from({ length: to - from }, (_, index) => message(from + index));

const appended = (messages: readonly ChatMessage[]): Chunks =>
  messages.reduce<Chunks>((chunks, each) => withMessage(chunks, each), []);

const ids = (chunks: Chunks): string[] => chunks.flat().map(({ id }) => id);

describe("the chunks of a conversation", () => {
  it("have at most 40 messages, in the order in which they were added", () => {
    const chunks = appended(range(0, 100));
    expect(chunks.map(({ length }) => length)).to.deep.equal([40, 40, 20]);
    expect(ids(chunks)).to.deep.equal(range(0, 100).map(({ id }) => id));
  });

  it("keep all chunks but the one that a message is added to", () => {
    const before = appended(range(0, 50));
    const after = withMessage(before, message(50));
    expect(after[0]).to.equal(before[0]);
    expect(after[1]).to.have.length(11);
  });

  it("ignore a message that is already there", () => {
    const chunks = appended(range(0, 50));
    expect(withMessage(chunks, message(7))).to.equal(chunks);
  });

  it("put a late message in the place of its id, also before the first one", () => {
    const [, ...late] = range(0, 50);
    const chunks = appended(late.filter(({ at }) => at !== 20));
    expect(ids(withMessage(withMessage(chunks, message(20)), message(0)))).to.deep.equal(
      range(0, 50).map(({ id }) => id),
    );
  });

  it("add a page of older messages in chunks of their own, and ignore known ones", () => {
    const known = appended(range(100, 110));
    const chunks = withOlder(known, range(0, 105));
    expect(chunks.map(({ length }) => length)).to.deep.equal([20, 40, 40, 10]);
    expect(chunks.at(-1)).to.equal(known[0]);
    expect(withOlder([], range(0, 3))).to.deep.equal([range(0, 3)]);
  });

  it("show the latest edit of a message, whatever the order of the edits, and none of a deleted message", () => {
    const before = appended(range(0, 50));
    const edit = (text: string, id: string) => ({ id: "0045", data: text, edit: id });
    const newer = withEdit(before, edit("newer", "2"));
    const after = withEdit(newer, edit("older", "1"));
    expect(after.flat()[45]).to.deep.equal({ ...message(45), text: "newer", edit: "2" });
    expect(after[0]).to.equal(before[0]);
    expect(withEdit(withoutText(before, "0045"), edit("newer", "2")).flat()[45]).to.include({ text: "" });
  });

  it("show the newest reactions to a message, and none to a deleted one", () => {
    const before = appended(range(0, 50));
    const reacted = (count: number, revision: number) => ({
      ...({ type: "reacted", channel: "lobby", id: "0045", user: "ben", emoji: "👍", change: "1" } as const),
      reactions: { counts: [{ emoji: "👍", count }], revision },
    });
    const newer = withReactions(before, reacted(2, 2), "anna");
    const after = withReactions(newer, reacted(1, 1), "anna");
    expect(after.flat()[45]?.reactions).to.deep.equal({ counts: [{ emoji: "👍", count: 2 }], revision: 2 });
    expect(withReactions(withoutText(after, "0045"), reacted(3, 3), "anna").flat()[45]).not.to.have.property(
      "reactions",
    );
  });

  it("find a message by its id, if it is loaded", () => {
    const chunks = appended(range(10, 100));
    expect(messageWithId(chunks, "0055")).to.equal(chunks.flat()[45]);
    for (const id of ["0001", "0055x", "9999"]) expect(messageWithId(chunks, id), id).to.equal(undefined);
  });

  it("remove the text and the mentions of a deleted message, and nothing else", () => {
    const before = appended(range(0, 50).map((each) => ({ ...each, mentions: ["ben"] })));
    const after = withoutText(before, "0045");
    expect(after.flat()[45]).to.deep.equal({ ...message(45), text: "", isDeleted: true });
    expect(after[0]).to.equal(before[0]);
    expect(withoutText(before, "9999")).to.equal(before);
  });
});
