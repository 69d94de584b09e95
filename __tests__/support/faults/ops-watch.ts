import type { Action } from "../../../chatops/service.ts";
import { isBusy, isTrue, type Kind, NAMES_LOST, promises, type Seen } from "./ops-promises.ts";
import { codeIn, type Operator, type OpsRan, type OpsWorld } from "./ops-world.ts";
import type { Fault, Run } from "./ports.ts";

/** The service and the records before a run. */
interface Picture {
  readonly isReached: boolean;
  readonly current: string;
  readonly lines: number;
  readonly announcements: number;
}

/** Follows what happens to a service, and notes each broken promise in a sentence. */
export class OpsWatch {
  readonly world: OpsWorld;
  readonly wrong: string[] = [];
  action: Action;
  /** The code that the operators know. */
  code: string | undefined;
  kind: Kind = "nothing";
  said = "";
  /** An action has begun after which the credential may be dead. */
  #isEnded = false;

  constructor(world: OpsWorld, action: Action, code: string | undefined) {
    this.world = world;
    this.action = action;
    this.code = code;
  }

  /** The operators want something else from now on. */
  follow(action: Action): void {
    this.action = action;
    this.code = undefined;
  }

  get isBusy(): boolean {
    return isBusy(this);
  }

  async say(user: Operator, data: string, fault?: Fault): Promise<OpsRan> {
    const before = this.#picture();
    const ran = await this.world.say(user, data, fault);
    this.kind = kindOf(ran.answer);
    this.said = ran.answer && "detail" in ran.answer ? String(ran.answer.detail) : "";
    const { told } = this.#check(before, ran);
    if (this.kind === "done") this.#checkDone(data === "status" ? data : this.action, this.said);
    await this.#checkCode(data);
    this.code = codeIn(this.said) ?? codeIn(told.join(" ")) ?? this.code;
    return ran;
  }

  async rotateBySchedule(fault?: Fault) {
    const before = this.#picture();
    const ran = await this.world.rotateBySchedule(fault);
    this.#check(before, ran);
    if (ran.isDone) this.#checkDone("rotate", this.world.trail.at(-1)?.said ?? "");
    return ran;
  }

  /** A code works once. */
  async confirmAgain(code: string): Promise<void> {
    const { answer, calls } = await this.world.say("ben", `confirm ${code}`);
    const isRefused = kindOf(answer) === "refused" && !calls.some((call) => call.startsWith("HTTP"));
    if (!isRefused) this.wrong.push("a code worked twice");
  }

  /** Checks what must hold once the operators have done everything they do. */
  end(): void {
    const { world } = this;
    const isNamed = world.trail.some(({ said }) => NAMES_LOST.test(said));
    const isIntended = "intention" in (world.held("pending") ?? {});
    if (world.strays() > 0 && !isNamed && !isIntended) this.wrong.push("a credential is lost, and nothing names it");
    const works = world.standIn.works(world.held("current") ?? {});
    if (!works && !this.#isEnded) this.wrong.push("the secret holds a dead credential");
  }

  #picture(): Picture {
    const { world } = this;
    return {
      isReached: this.#isReached(),
      current: JSON.stringify(world.held("current")),
      lines: world.trail.length,
      announcements: world.announced.length,
    };
  }

  /** A rotation is reached if the secret holds another credential than before. */
  #isReached(before?: string): boolean {
    if (this.action === "status") return true;
    if (this.action !== "rotate") return isTrue(this.action, "", this.world);
    return before !== undefined && JSON.stringify(this.world.held("current")) !== before;
  }

  #check(before: Picture, { calls, isDead }: Run): Seen {
    const { world, kind, said } = this;
    const seen: Seen = {
      ...{ calls, isDead, kind, said },
      lines: world.trail.slice(before.lines).map(({ outcome }) => outcome),
      told: world.announced.slice(before.announcements),
      isDone: !before.isReached && this.#isReached(before.current),
      leaseLeft: (world.leaseUntil ?? 0) - world.now,
    };
    const isEnding = this.action === "revoke" || this.action === "delete";
    if (isEnding && seen.lines.includes("begun")) this.#isEnded = true;
    this.wrong.push(...promises.filter(([, isBroken]) => isBroken(seen)).map(([sentence]) => sentence));
    return seen;
  }

  #checkDone(action: Action, said: string): void {
    if (!isTrue(action, said, this.world)) this.wrong.push(`told that it is done, but it is not: ${said}`);
  }

  async #checkCode(data: string): Promise<void> {
    const codes = await this.world.codes();
    const isWaiting = codes.includes(codeIn(this.said) ?? "");
    if (this.kind === "asked" && !isWaiting) this.wrong.push("told of a code that does not wait");
    const used = codeIn(data);
    if (used === undefined || codes.includes(used)) return;
    const hasBegun = this.world.trail.some(({ outcome, confirmedBy }) => outcome === "begun" && confirmedBy === "ben");
    if (!hasBegun) this.wrong.push("a code is used up, and nothing has begun");
  }
}

function kindOf(answer: OpsRan["answer"]): Kind {
  if (answer?.type === "ack") return codeIn(answer.detail ?? "") === undefined ? "done" : "asked";
  if (answer?.type !== "error") return "nothing";
  const kinds: Readonly<Record<string, Kind>> = { "service-refused": "refused", "service-failed": "failed" };
  return kinds[answer.code] ?? "fault";
}
