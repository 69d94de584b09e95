import type { Answer, Request } from "../frames.ts";
import type { Ports } from "../ports.ts";
import { Session } from "../session.ts";
import type { SessionEvent } from "../session-state.ts";
import { COMMANDS_HELP, commandNames, readLine } from "./commands.ts";
import type { ChatFlags } from "./flags.ts";
import { type Line, linesOfAnswer, linesOfEvent, note } from "./lines.ts";
import { editingScreen, isInteractive, plainScreen, type Screen, type Streams } from "./screen.ts";
import { visible } from "./visible.ts";

type Ack = Extract<Answer, { type: "ack" }>;

/** How many messages of the past a person is shown of a channel that is joined. */
const TOLD = 20;

/** What a handshake that may succeed in a moment fails with. */
const PASSING = / (?:429|5\d\d)$/;

const REMEDY = "Start one with npm start, or give the address of another: npm run chat -- wss://….";

/** A channel's name holds no space. */
const keyOf = (channel: string, user: string): string => `${channel} ${user}`;

export interface Surroundings {
  readonly streams: Streams;
  readonly ports: Ports;
  /** With a fault where there is no chat to talk in. */
  readonly end: (fault?: Error) => void;
}

/** A person, or a pipe, at a session. */
export class Talk {
  readonly #url: string;
  readonly #end: (fault?: Error) => void;
  readonly #session: Session;
  readonly #screen: Screen;
  /** Where what is typed is said. */
  #channel: string | undefined;
  /** The id of what somebody said last in a channel. */
  readonly #lastSaid = new Map<string, string>();
  #isOnline = false;
  #wasOnline = false;
  #hasEnded = false;
  #isOver = false;

  constructor({ url, user, channels }: ChatFlags, { streams, ports, end }: Surroundings) {
    const isAPerson = isInteractive(streams);
    this.#url = url;
    this.#end = end;
    this.#channel = channels[0];
    const open = isAPerson ? editingScreen : plainScreen;
    this.#screen = open(streams, {
      onLine: (line) => this.#obey(line),
      onEnd: () => this.#endOnceOnline(),
      onLeave: () => void this.leave(),
      complete: (line) => commandNames.filter((name) => name.startsWith(line)),
    });
    const tell = (event: SessionEvent): void => this.#hear(event);
    this.#session = new Session({ url, name: user, channels, told: isAPerson ? TOLD : 0, tell, ports });
    this.#prompt();
  }

  /** At once: what has no answer yet is given up. */
  async leave(fault?: Error): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    await this.#session.close();
    this.#screen.close();
    this.#end(fault);
  }

  /** A pipe that has nothing to say still learns whether there is a chat. */
  #endOnceOnline(): void {
    this.#hasEnded = true;
    if (this.#wasOnline) void this.leave();
  }

  async #obey(line: string): Promise<void> {
    const wish = readLine(line, this.#channel);
    if (wish.kind === "ask") await this.#ask(wish.request);
    else if (wish.kind === "quit") await this.leave();
    else if (wish.kind === "delete") await this.#delete(wish);
    else if (wish.kind === "help") this.#screen.show(COMMANDS_HELP.map(note));
    else if (wish.kind === "mistake") this.#screen.show([note(`* ${wish.detail}`)]);
    this.#prompt();
  }

  async #delete({ channel, user }: { readonly channel: string; readonly user: string }): Promise<void> {
    const target = this.#lastSaid.get(keyOf(channel, user));
    if (target !== undefined) await this.#ask({ message: "delete", channel, target });
    else this.#screen.show([note(`* ${visible(user)} has said nothing here since you came`)]);
  }

  async #ask(request: Request): Promise<void> {
    if (request.message === "sendmessage") this.#screen.takeBack();
    this.#prompt();
    const answer = await this.#session.ask(request);
    if (answer.type === "ack") this.#move(request, answer);
    this.#show(linesOfAnswer(request, answer, this.#session.user));
  }

  /** Speaks in the channel that was joined, and in no channel that was left. */
  #move(request: Request, { channel }: Pick<Ack, "channel">): void {
    if (request.message === "join") this.#channel = channel ?? request.channel;
    if (request.message === "leave" && request.channel === this.#channel) this.#channel = this.#session.channels[0];
  }

  #hear(event: SessionEvent): void {
    const fault = this.#faultOf(event);
    if (fault) {
      void this.leave(fault);
      return;
    }
    if (event.type === "said") {
      const { channel, from, id } = event.message;
      this.#lastSaid.set(keyOf(channel, from), id);
    }
    if (event.type === "online" || event.type === "offline") this.#isOnline = event.type === "online";
    this.#wasOnline ||= this.#isOnline;
    this.#show(linesOfEvent(event));
    this.#prompt();
    const isOut = event.type === "news" && (event.news.type === "kicked" || event.news.type === "banned");
    if (isOut || (this.#isOnline && this.#hasEnded)) void this.leave();
  }

  /** Why the terminal ends with an error; undefined if it goes on. */
  #faultOf(event: SessionEvent): Error | undefined {
    if (event.type === "ended")
      return new Error(`${this.#wasOnline ? "" : `Cannot connect to ${this.#url}. `}${event.detail}`);
    if (event.type !== "offline" || this.#wasOnline || PASSING.test(event.reason)) return undefined;
    return new Error(`There is no chat at ${this.#url}: ${event.reason}. ${REMEDY}`);
  }

  #show(lines: readonly Line[]): void {
    if (lines.length > 0) this.#screen.show(lines);
  }

  #prompt(): void {
    const where = this.#channel === undefined ? "(no channel)" : `#${this.#channel}`;
    if (!this.#isOver) this.#screen.prompt(`${where}${this.#wasOnline && !this.#isOnline ? " (not connected)" : ""}> `);
  }
}
