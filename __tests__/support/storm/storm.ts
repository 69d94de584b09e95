import { Chronicle } from "./chronicle.ts";
import type { Dial } from "./line.ts";
import { channelAt, Person } from "./person.ts";
import type { Size, Step } from "./steps.ts";

/** People who all use a chat at the same time, and what they were told. */
export class Storm {
  readonly chronicle = new Chronicle();
  readonly channels: readonly string[];
  readonly #people: readonly Person[];
  readonly #auditor: Person;

  constructor({ people, channels }: Size, dial: Dial) {
    const { chronicle } = this;
    this.channels = Array.from({ length: channels + 1 }, (_, index) => channelAt(index));
    this.#people = Array.from({ length: people }, (_, who) => {
      return new Person(`p${who}`, { protocol: who % 3 === 2 ? "plain" : "chat.v1", chronicle, dial });
    });
    this.#auditor = new Person("auditor", { protocol: "chat.v1", chronicle, dial });
  }

  /** Resolves when everybody has taken their steps, and nothing is under way any more. */
  async rage(steps: readonly Step[]): Promise<void> {
    await Promise.all(this.#people.map((person, index) => person.play(steps.filter(({ who }) => who === index))));
    await this.#rest();
  }

  async hangUp(): Promise<void> {
    for (const person of this.#people) person.end("hang up");
    await this.#rest();
  }

  /** Somebody says something in every channel, so that who has died is noticed, and reads what it keeps. */
  async audit(): Promise<void> {
    for (const channel of this.channels) {
      await this.#auditor.move(channel, "join");
      await this.#auditor.say(channel);
      await this.#auditor.readHistory(channel);
      await this.#auditor.move(channel, "leave");
    }
    this.#auditor.end("hang up");
    await this.#auditor.rest();
  }

  async #rest(): Promise<void> {
    await Promise.all(this.#people.map((person) => person.rest()));
  }
}

/** Fails with all sentences: an assertion would cut them off. */
export function expectNone(sentences: readonly string[]): void {
  if (sentences.length > 0) throw new Error(sentences.join("\n"));
}
