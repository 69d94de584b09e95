import * as v from "valibot";
import { isName } from "../user.ts";
import type { ServerFrame, ServerFrameOf } from "./client-frames.ts";
import type { Code } from "./error-codes.ts";
import { type Protocol, SUBPROTOCOL } from "./subprotocol.ts";

/** The schema of a frame that a client may send. */
export type FrameSchema<Frame extends object> = v.GenericSchema<unknown, Frame>;

/** An error that is sent to the client. Codes are stable: clients may switch on them. */
export interface Refusal {
  readonly code: Code;
  /** For people: what was received, what is allowed, what to do. */
  readonly detail: string;
}

export const refuse = (code: Code, detail: string): Refusal => ({ code, detail });

/** Parses and validates a client's frame. */
export function parseFrame<Frame extends object>(
  schema: FrameSchema<Frame>,
  body: string,
): { readonly frame: Frame } | { readonly refusal: Refusal } {
  const json = jsonOf(body);
  if (json === undefined)
    return { refusal: refuse("malformed-frame", "The frame is not valid JSON. Send a JSON object.") };
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return { frame: result.output };
  const [issue] = result.issues;
  return { refusal: refuse(codeOf(issue), issue.message) };
}

/** A value of the wrong type is a `malformed-frame`, regardless of the field. */
function codeOf({ type, path, requirement }: v.BaseIssue<unknown>): Code {
  if (type === "max_bytes") return "data-too-long";
  if (requirement === isName) return "bad-name";
  return type === "regex" && path?.[0]?.key === "channel" ? "bad-channel" : "malformed-frame";
}

/** The text of a frame in each protocol. Undefined: clients of that protocol do not get the frame. */
export type Forms = Readonly<Record<Protocol, string | undefined>>;

/** A frame that is pushed to recipients. Plain clients get only messages, as bare text. */
export const formsOf = (frame: ServerFrame): Forms => ({
  plain: frame.type === "message" || frame.type === "direct" ? frame.data : undefined,
  [SUBPROTOCOL]: JSON.stringify(frame),
});

/** The response to a client's own frame is JSON in every protocol. */
export function answerForms(frame: ServerFrame): Forms {
  const json = JSON.stringify(frame);
  return { plain: json, [SUBPROTOCOL]: json };
}

/** Parses text from an external source. Undefined: it is not valid JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The subprotocols that a client offers. API Gateway joins several headers into one, with commas. */
export const offersIn = ({ "sec-websocket-protocol": header = "" }: Readonly<Record<string, string>>): string[] =>
  header.split(",").map((offer) => offer.trim());

/** The client's own id, for the response to its frame. */
export const echoId = ({ id }: { readonly id?: string | undefined }): { id?: string } =>
  id === undefined ? {} : { id };

export const acknowledge = (
  request: string,
  frame: { readonly id?: string | undefined },
  outcome: Pick<ServerFrameOf<"ack">, "message" | "channel" | "user" | "at"> = {},
): ServerFrameOf<"ack"> => ({ type: "ack", request, ...echoId(frame), ...outcome });
