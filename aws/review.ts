import { DATA_BYTES_MAX, fitsInFrame } from "../chat/message.ts";
import type { Reviewer, Verdict } from "../chat/review.ts";
import { inBackground } from "./background.ts";
import type { Config } from "./config.ts";
import { type AwsResponse, type SignedService, signedRequests } from "./http/signed-requests.ts";
import { credentials, lambdaEndpoint, region, within } from "./runtime.ts";

const REASON_CHARACTERS_MAX = 200;

const HEADERS = { "content-type": "application/json", "x-amz-invocation-type": "RequestResponse" };

type ReviewSetting = Exclude<Config["review"], "none">;

/** Invokes the review function, and waits for its verdict until the time limit. */
export function reviewerBy(
  { functionArn, timeoutMilliseconds, onFailure }: ReviewSetting,
  lambda: Omit<SignedService, "service">,
): Reviewer {
  const post = signedRequests({ ...lambda, service: "lambda" });
  const path = `/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`;
  return {
    onFailure,
    async ask(message) {
      const late = new Error(`The review function did not answer within ${timeoutMilliseconds} ms`);
      const request = { path, headers: HEADERS, body: JSON.stringify(message) };
      const asking = within(
        timeoutMilliseconds,
        postTwice(() => post(request)),
        late,
      ).then(verdictOf);
      // The fault is logged as an error, regardless of what happens to the message.
      inBackground(asking.then(() => undefined));
      return asking;
    },
  };
}

/** Sends the request a second time if there is no response, or if Lambda is busy. */
async function postTwice(post: () => Promise<AwsResponse>): Promise<AwsResponse> {
  try {
    const response = await post();
    if (response.status !== 429 && response.status < 500) return response;
  } catch {
    // The second attempt has the same fault if it is not temporary.
  }
  return post();
}

function verdictOf({ status, errorType, body }: AwsResponse): Verdict {
  if (status !== 200) throw new Error(`Lambda did not invoke the review function: ${errorType ?? status}`);
  return verdictIn(body.toString("utf8"));
}

/** The answer is not part of the error, because it can contain message text. */
function verdictIn(text: string): Verdict {
  try {
    const { decision, reason, data } = Object(JSON.parse(text));
    if (decision === "allow") return { decision };
    // A message is never stored after this decision, whatever the reason looks like.
    if (decision === "deny") return { decision, reason: reasonIn(reason) };
    if (decision === "replace" && isText(data) && fitsInFrame(data)) return { decision, data };
  } catch {
    // The error below also explains invalid JSON.
  }
  throw new Error(
    `The review function did not return a verdict. Return {"decision":"allow"}, {"decision":"deny","reason":"…"}, or {"decision":"replace","data":"…"} with at most ${DATA_BYTES_MAX} bytes, and 32,768 as JSON`,
  );
}

const reasonIn = (reason: unknown): string =>
  isText(reason) ? [...reason].slice(0, REASON_CHARACTERS_MAX).join("") : "The message was not accepted.";

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

export const reviewer = ({ review }: Pick<Config, "review">): Reviewer | "none" =>
  review === "none" ? "none" : reviewerBy(review, { endpoint: lambdaEndpoint(), region: region(), credentials });
