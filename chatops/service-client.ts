import * as v from "valibot";
import type { Now, Pause } from "../chat/ports.ts";
import { jsonOf } from "../chat/protocol/json.ts";
import { type Answer, type Failed, fail, hasFailed } from "./failure.ts";
import { type Http, type HttpAnswer, type HttpRequest, isJson, type NoAnswer } from "./http.ts";
import { limitedUntil, retryAfter } from "./rate-limit.ts";
import { redact } from "./redact.ts";

/** How a part of an answer must look. What is more is left alone. */
export type Shape<Value> = v.GenericSchema<unknown, Value>;

export interface Question extends HttpRequest {
  /** Also accept a redirect within the service: a redirect to another host comes from a proxy. */
  readonly acceptsRedirect?: true;
}

/** A service's API, whose every outcome is a value. */
export interface Client {
  /** Gives what the answer says. */
  ask<Value>(question: Question, shape: Shape<Value>): Promise<Answer<Value>>;
  /**
   * Sends a request whose success has an empty answer. A body is an error: it comes from something else. An empty answer
   * can too, so callers check the result with a second request.
   */
  tell(question: Question): Promise<Answer<undefined>>;
}

export interface ClientPorts {
  /** What the service is called. */
  readonly title: string;
  readonly http: Http;
  readonly now: Now;
  readonly pause: Pause;
  /** No request is sent, and none is waited for, beyond this, in epoch milliseconds. */
  readonly deadline: number;
  /** Whether an error has the form of the service's own errors. */
  readonly isOwnError: (answer: HttpAnswer) => boolean;
  /** What the secret holds: nothing of it is ever said. */
  readonly credential: object;
}

/** Longest wait for one answer. */
const ANSWER_MILLISECONDS_MAX = 10_000;

/** Two people's requests may spend a limit once more while we wait for it. */
const TRIES = 3;

export const client = (ports: ClientPorts): Client => ({
  async ask(question, shape) {
    const answer = await answerTo(ports, question);
    return hasFailed(answer) ? answer : read(ports, answer.value, shape);
  },
  async tell(question) {
    const answer = await answerTo(ports, question);
    if (hasFailed(answer)) return answer;
    return answer.value.body.trim() === "" ? { value: undefined } : nonsense(ports, "anything at all");
  },
});

/** Over the limit, waits until the service takes requests again, where there is time. */
async function answerTo(ports: ClientPorts, question: Question, tries = 1): Promise<Answer<HttpAnswer>> {
  const answer = await send(ports, question);
  if ("fault" in answer) return withoutAnswer(ports, answer);
  const until = limitedUntil(answer, ports.now());
  if (until === undefined) return verdict(ports, question, answer);
  if (tries === TRIES || until >= ports.deadline) return limited(ports, until);
  // A request over the limit was not looked at, so it may be sent again, whatever it is.
  await ports.pause(Math.max(0, until - ports.now()));
  return answerTo(ports, question, tries + 1);
}

function send({ http, now, deadline }: ClientPorts, { acceptsRedirect: _, ...request }: Question) {
  const left = Math.min(ANSWER_MILLISECONDS_MAX, deadline - now());
  return left > 0 ? http(request, left) : Promise.resolve<NoAnswer>({ fault: "slow", name: "Deadline" });
}

const withoutAnswer = ({ title }: ClientPorts, { fault, name }: NoAnswer): Failed =>
  fault === "slow"
    ? fail("slow", `${title} did not answer in time.`)
    : fail("unreachable", `${title} cannot be reached (${name}).`);

const limited = ({ title }: ClientPorts, until: number): Failed =>
  fail("rate-limited", `${title} takes no more requests until ${new Date(until).toISOString()}.`);

/** Statuses that are about the credential, or about what the secret names. */
const VERDICTS = [401, 403, 404, 410];

/** What a service's status says. Its own words are passed on where it has any, without what is secret. */
function verdict(ports: ClientPorts, question: Question, answer: HttpAnswer): Answer<HttpAnswer> {
  const { status, body } = answer;
  if (isDone(question, answer)) return { value: answer };
  if (VERDICTS.includes(status) && !ports.isOwnError(answer)) return foreign(ports, answer);
  const sent = Object.values(question.headers).map((value) => value.split(" "));
  const words = redact(wordsOf(body), [ports.credential, sent]);
  return failureOf(ports, answer, `${status}${words && `: “${words}”`}`);
}

function isDone({ url, acceptsRedirect }: Question, { status, header }: HttpAnswer): boolean {
  if (status >= 200 && status < 300) return true;
  const location = header("location");
  if (!acceptsRedirect || status !== 302 || location === undefined || !URL.canParse(location, url)) return false;
  return new URL(location, url).host === new URL(url).host;
}

function failureOf(ports: ClientPorts, { status, header }: HttpAnswer, said: string): Failed {
  if (status === 401) return fail("unauthorized", `${ports.title} does not take the credential (${said}).`);
  if (status === 403) return fail("forbidden", `${ports.title} does not let the credential do it (${said}).`);
  if (status === 404 || status === 410) return fail("not-found", `${ports.title} does not know it (${said}).`);
  if (status < 500) return fail("rejected", `${ports.title} did not do it (${said}).`);
  const again = retryAfter(header("retry-after"), ports.now());
  const until = again === undefined ? "" : ` until ${new Date(again).toISOString()}`;
  return fail("broken", `${ports.title} is out of order${until} (${said}).`);
}

const foreign = ({ title }: ClientPorts, { status }: HttpAnswer): Failed =>
  fail(
    "nonsense",
    `The answer ${status} does not have the form of ${title}'s errors, so nothing follows from it. Check the url in the secret, and any proxy or firewall on the way.`,
  );

const Words = v.union([
  v.pipe(
    v.object({ message: v.string() }),
    v.transform(({ message }) => message),
  ),
  v.pipe(
    v.object({ error_message: v.string() }),
    v.transform(({ error_message }) => error_message),
  ),
]);

/** What a service says of an error: GitHub, CircleCI and Jenkins in `message`, Travis CI in `error_message`. No HTML. */
function wordsOf(body: string): string {
  const words = v.safeParse(Words, jsonOf(body));
  return words.success ? words.output : "";
}

function read<Value>(ports: ClientPorts, answer: HttpAnswer, shape: Shape<Value>): Answer<Value> {
  const json = isJson(answer) ? jsonOf(answer.body) : undefined;
  if (json === undefined) return nonsense(ports, "no JSON");
  const read = v.safeParse(shape, json);
  if (read.success) return { value: read.output };
  // The issue's own message quotes what came, which may be a credential.
  const where = v.getDotPath(read.issues[0]) ?? "the whole";
  return nonsense(ports, where);
}

const nonsense = ({ title }: ClientPorts, where: string): Failed =>
  fail("nonsense", `${title} answered something that its reference does not have (${where}).`);
