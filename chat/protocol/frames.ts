import * as v from "valibot";
import { type Protocol, type ServerFrame, SUBPROTOCOL } from "./client-frames.ts";
import type { Code } from "./error-codes.ts";
import { jsonOf } from "./json.ts";

/** The schema of a frame that a client may send. */
export type FrameSchema<Frame extends object> = v.GenericSchema<unknown, Frame>;

/** Why a frame is not taken. Codes are stable: clients may switch on them. */
export interface Refusal {
  readonly code: Code;
  /** One sentence for a person: what came, what is allowed. */
  readonly detail: string;
}

export const refuse = (code: Code, detail: string): Refusal => ({ code, detail });

/** Reads a client's frame: what it says, or why it is refused. */
export function parseFrame<Frame extends object>(
  schema: FrameSchema<Frame>,
  body: string,
): { readonly frame: Frame } | { readonly refusal: Refusal } {
  const json = jsonOf(body);
  if (json === undefined) return { refusal: refuse("malformed-frame", "The frame is not JSON.") };
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return { frame: result.output };
  const [issue] = result.issues;
  return { refusal: refuse(codeOf(issue), issue.message) };
}

/** Only what is text and breaks a rule of its own has a code of its own. */
function codeOf({ type, path }: v.BaseIssue<unknown>): Code {
  if (type === "max_bytes") return "data-too-long";
  if (type === "check") return "bad-name";
  return type === "regex" && path?.[0]?.key === "channel" ? "bad-channel" : "malformed-frame";
}

/** What a frame is on the wire, by the protocol of who gets it. Undefined: nothing is sent to them. */
export type Forms = Readonly<Record<Protocol, string | undefined>>;

/** News, to whoever it is for: the bare text of what was said without a subprotocol, and nothing of all else. */
export const formsOf = (frame: ServerFrame): Forms => ({
  plain: frame.type === "message" || frame.type === "direct" ? frame.data : undefined,
  [SUBPROTOCOL]: JSON.stringify(frame),
});

/** An answer to a client's own frame is JSON for everybody. */
export function answerForms(frame: ServerFrame): Forms {
  const json = JSON.stringify(frame);
  return { plain: json, [SUBPROTOCOL]: json };
}
