import type { Action } from "../../../chatops/service.ts";
import { guarantees, isBusy, isTrue, type Kind, NAMES_LOST, type RunEffects } from "./ops-guarantees.ts";
import { codeIn, type Operator, type OpsRan, type OpsWorld } from "./ops-world.ts";
import type { Fault, Run } from "./ports.ts";

/** The state of the service and of the records before a run. */
interface Snapshot {
  readonly isReached: boolean;
  readonly current: string;
  readonly lines: number;
  readonly announcements: number;
}

/** Runs commands, and records a sentence for each violated guarantee. */
export class OpsWatch {
  readonly world: OpsWorld;
  readonly wrong: string[] = [];
  action: Action;
  /** The code that the operators know. */
  code: string | undefined;
  kind: Kind = "nothing";
  said = "";
  /** Whether an action has begun that can invalidate the credential. */
  #mayBeInvalid = false;

  constructor(world: OpsWorld, action: Action, code: string | undefined) {
    this.world = world;
    this.action = action;
    this.code = code;
  }

  /** Changes the action that the operators want. */
  changeAction(action: Action): void {
    this.action = action;
    this.code = undefined;
  }

  get isBusy(): boolean {
    return isBusy(this);
  }

  async send(user: Operator, data: string, fault?: Fault): Promise<OpsRan> {
    const before = this.#snapshot();
    const ran = await this.world.send(user, data, fault);
    this.kind = kindOf(ran.answer);
    this.said = ran.answer && "detail" in ran.answer ? String(ran.answer.detail) : "";
    const { announcements } = this.#check(before, ran);
    if (this.kind === "done") this.#checkDone(data === "status" ? data : this.action, this.said);
    await this.#checkCode(data);
    this.code = codeIn(this.said) ?? codeIn(announcements.join(" ")) ?? this.code;
    return ran;
  }

  async rotateBySchedule(fault?: Fault) {
    const before = this.#snapshot();
    const ran = await this.world.rotateBySchedule(fault);
    this.#check(before, ran);
    if (ran.isDone) this.#checkDone("rotate", this.world.trail.at(-1)?.said ?? "");
    return ran;
  }

  /** Checks that a code works once. */
  async confirmAgain(code: string): Promise<void> {
    const { answer, calls } = await this.world.send("ben", `confirm ${code}`);
    const isRefused = kindOf(answer) === "refused" && !calls.some((call) => call.startsWith("HTTP"));
    if (!isRefused) this.wrong.push("a code worked twice");
  }

  /** Checks what must hold once the operators have done everything they do. */
  end(): void {
    const { world } = this;
    const isNamed = world.trail.some(({ said }) => NAMES_LOST.test(said));
    const isIntended = "intention" in (world.held("pending") ?? {});
    if (world.strays() > 0 && !isNamed && !isIntended) this.wrong.push("a credential is lost, and no answer names it");
    const works = world.standIn.works(world.held("current") ?? {});
    if (!works && !this.#mayBeInvalid) this.wrong.push("the secret holds an invalid credential");
  }

  #snapshot(): Snapshot {
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

  #check(before: Snapshot, { calls, isDead }: Run): RunEffects {
    const { world, kind, said } = this;
    const effects: RunEffects = {
      ...{ calls, isDead, kind, said },
      lines: world.trail.slice(before.lines).map(({ outcome }) => outcome),
      announcements: world.announced.slice(before.announcements),
      isDone: !before.isReached && this.#isReached(before.current),
      leaseLeft: (world.leaseUntil ?? 0) - world.now,
    };
    const isEnding = this.action === "revoke" || this.action === "delete";
    if (isEnding && effects.lines.includes("begun")) this.#mayBeInvalid = true;
    this.wrong.push(...guarantees.filter(([, isViolated]) => isViolated(effects)).map(([sentence]) => sentence));
    return effects;
  }

  #checkDone(action: Action, said: string): void {
    if (!isTrue(action, said, this.world))
      this.wrong.push(`the answer reports success, but the action is not done: ${said}`);
  }

  async #checkCode(data: string): Promise<void> {
    const codes = await this.world.codes();
    const isPending = codes.includes(codeIn(this.said) ?? "");
    if (this.kind === "asked" && !isPending) this.wrong.push("the answer has a code that is not pending");
    const used = codeIn(data);
    if (used === undefined || codes.includes(used)) return;
    const hasBegun = this.world.trail.some(({ outcome, confirmedBy }) => outcome === "begun" && confirmedBy === "ben");
    if (!hasBegun) this.wrong.push("a code is used up, and no action has begun");
  }
}

function kindOf(answer: OpsRan["answer"]): Kind {
  if (answer?.type === "ack") return codeIn(answer.detail ?? "") === undefined ? "done" : "asked";
  if (answer?.type !== "error") return "nothing";
  const kinds: Readonly<Record<string, Kind>> = { "service-refused": "refused", "service-failed": "failed" };
  return kinds[answer.code] ?? "fault";
}
