import { type Action, isAbsent } from "../../../chatops/service.ts";
import { codeIn, type Operator, type OpsRan, type OpsWorld } from "./ops-world.ts";
import type { Fault, Run } from "./ports.ts";

/** What an answer says: `fault` is the code `internal`, and `nothing` if the function died. */
type Kind = "done" | "asked" | "refused" | "failed" | "fault" | "nothing";

/** The service and the records before and after a run. */
interface Picture {
  readonly isReached: boolean;
  readonly current: string;
  readonly lines: number;
  readonly announcements: number;
}

/** Sentences that tell an operator of a credential, or of an effect, that the function cannot see. */
const NAMES_LOST = /may still work/;
const NAMES_EFFECT = /may have taken effect/;

const LEASE_MILLISECONDS_MAX = 60_000;

const CHANGES = /^HTTP (POST|PUT|PATCH|DELETE)$/;

/** Follows what happens to a service, and writes down each broken promise in a sentence. */
export class OpsWatch {
  readonly world: OpsWorld;
  readonly wrong: string[] = [];
  action: Action;
  /** The code that the operators know. */
  code: string | undefined;
  kind: Kind = "nothing";
  said = "";
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
    return this.kind === "failed" && this.said.startsWith("Another request");
  }

  async say(user: Operator, data: string, fault?: Fault): Promise<OpsRan> {
    const before = this.#picture();
    const ran = await this.world.say(user, data, fault);
    this.#read(ran.answer);
    const action = data === "status" ? data : this.action;
    this.#checkRun(before, ran);
    this.#checkAnswer(before, action);
    await this.#checkCode(data);
    const told = this.world.announced.slice(before.announcements).join(" ");
    this.code = codeIn(this.said) ?? codeIn(told) ?? this.code;
    return ran;
  }

  async rotateBySchedule(fault?: Fault) {
    const before = this.#picture();
    const ran = await this.world.rotateBySchedule(fault);
    this.#checkRun(before, ran);
    if (ran.isDone) this.#checkDone("rotate", this.world.trail.at(-1)?.said ?? "");
    return ran;
  }

  /** A code works once. */
  async confirmAgain(code: string): Promise<void> {
    const { answer, calls } = await this.world.say("ben", `confirm ${code}`);
    const isRefused = answer?.type === "error" && answer.code === "service-refused";
    if (!isRefused || calls.some((call) => call.startsWith("HTTP"))) this.wrong.push("a code worked twice");
  }

  /** What must hold when everybody has done what they do. */
  async end(): Promise<void> {
    const { world } = this;
    const isNamed = NAMES_LOST.test(JSON.stringify([world.trail, world.log]));
    const isIntended = "intention" in (world.held("pending") ?? {});
    if (this.#strays() > 0 && !isNamed && !isIntended) this.wrong.push("a credential is lost, and nothing names it");
    const current = world.held("current") ?? {};
    if (!this.#isEnded && !world.standIn.works(current)) this.wrong.push("the secret holds a credential that is dead");
  }

  /** Living credentials that the secret does not hold. */
  #strays(): number {
    const { standIn, held } = { standIn: this.world.standIn, held: this.world.held.bind(this.world) };
    const { rotate } = standIn.service.actions;
    const names = (["current", "pending", "previous"] as const).flatMap((stage) => {
      const credential = held(stage);
      if (!credential || !standIn.works(credential)) return [];
      return isAbsent(rotate) ? [JSON.stringify(credential)] : (rotate.replaced(credential) ?? []);
    });
    return standIn.living() - new Set(names).size;
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

  #isReached(current?: string): boolean {
    const { standIn } = this.world;
    const held = this.world.held("current") ?? {};
    const reached: Record<Action, () => boolean> = {
      status: () => true,
      rotate: () => current !== undefined && JSON.stringify(held) !== current,
      revoke: () => standIn.living() === 0,
      freeze: () => standIn.isFrozen(),
      unfreeze: () => !standIn.isFrozen(),
      delete: () => !standIn.isThere(),
    };
    return reached[this.action]();
  }

  #read(answer: OpsRan["answer"]): void {
    const error = answer?.type === "error" ? answer : undefined;
    const ack = answer?.type === "ack" ? answer : undefined;
    this.said = error?.detail ?? ack?.detail ?? "";
    if (!answer) this.kind = "nothing";
    else if (ack) this.kind = codeIn(this.said) !== undefined ? "asked" : "done";
    else if (error?.code === "service-refused") this.kind = "refused";
    else this.kind = error?.code === "service-failed" ? "failed" : "fault";
  }

  #checkRun(before: Picture, { calls, isDead }: Run): void {
    const { world, wrong } = this;
    const lines = world.trail.slice(before.lines).map(({ outcome }) => outcome);
    const hasBegun = lines.includes("begun");
    if (hasBegun && (this.action === "revoke" || this.action === "delete")) this.#isEnded = true;
    if (calls.some((call) => CHANGES.test(call)) && !hasBegun) wrong.push("the trail has no line of a change");
    if (hasBegun && lines.at(-1) === "begun") wrong.push("the trail has no result");
    const left = (world.leaseUntil ?? 0) - world.now;
    const hasTaken = calls.includes("PutItem LEASE") && !this.isBusy;
    if (left > 0 && !isDead && hasTaken) wrong.push("the lease stays");
    if (left > LEASE_MILLISECONDS_MAX) wrong.push("the lease stays longer than a minute");
    const told = world.announced.slice(before.announcements);
    const isDone = !before.isReached && this.#isReached(before.current);
    if (isDone && told.some((each) => each.includes(": failed.") && !NAMES_EFFECT.test(each))) {
      wrong.push(`ops was told of a failure, but it is done: ${told.join(" ")}`);
    }
    if ((lines.includes("done") && hasBegun) || lines.includes("asked")) {
      if (told.length === 0) wrong.push("nothing was announced");
    }
  }

  #checkAnswer(before: Picture, action: Action): void {
    const { kind, said, wrong } = this;
    if (kind === "done") this.#checkDone(action, said, before);
    const isDone = !before.isReached && this.#isReached(before.current);
    const hasFailed = kind === "failed" || kind === "fault";
    if (hasFailed && isDone && !NAMES_EFFECT.test(said)) wrong.push(`told that it failed, but it is done: ${said}`);
    const isHeld = (this.world.leaseUntil ?? 0) > this.world.now;
    if (this.isBusy && !isHeld) wrong.push("told that another request runs, but none does");
  }

  #checkDone(action: Action, said: string, before?: Picture): void {
    const { standIn } = this.world;
    const works = standIn.works(this.world.held("current") ?? {});
    const isAllWell = works && !standIn.isFrozen();
    const strays = NAMES_LOST.test(said) ? 0 : this.#strays();
    const isTrue: Record<Action, () => boolean> = {
      status: () => isAllWell || !standIn.status.test(said),
      rotate: () => works && strays === 0 && this.#isReached(before?.current ?? "") && !this.world.held("previous"),
      revoke: () => standIn.living() === 0 || NAMES_LOST.test(said),
      freeze: () => standIn.isFrozen(),
      unfreeze: () => !standIn.isFrozen(),
      delete: () => !standIn.isThere(),
    };
    if (!isTrue[action]()) this.wrong.push(`told that it is done, but it is not: ${said}`);
  }

  async #checkCode(data: string): Promise<void> {
    const codes = await this.world.codes();
    if (this.kind === "asked" && !codes.includes(codeIn(this.said) ?? "")) this.wrong.push("told of a code that does not wait");
    const used = codeIn(data);
    if (used === undefined || codes.includes(used)) return;
    const hasBegun = this.world.trail.some(({ outcome, confirmedBy }) => outcome === "begun" && confirmedBy === "ben");
    if (!hasBegun) this.wrong.push("a code is used up, and nothing has begun");
  }
}
