import * as v from "valibot";

/** Longest `data` of a frame, in bytes of UTF-8. Half of what one WebSocket frame may hold at API Gateway. */
export const DATA_BYTES_MAX = 16_384;

const DATA_RULE = `it must be a string of at most ${DATA_BYTES_MAX} bytes`;

/** `{"message":"sendmessage","data":"hello"}`. Fields that are not named here are ignored. */
export const SendMessage = v.object(
  {
    data: v.pipe(
      v.string(({ received }) => `"data" is ${received}; ${DATA_RULE}.`),
      v.maxBytes(DATA_BYTES_MAX, ({ received }) => `"data" is ${received} bytes long; ${DATA_RULE}.`),
    ),
  },
  notTheFields,
);
export type SendMessage = v.InferOutput<typeof SendMessage>;

/** The schema of a frame that a client may send. */
export type FrameSchema<Frame extends object> = v.GenericSchema<unknown, Frame>;

/** Why a frame is not taken. Codes are stable: clients may switch on them. */
export interface Refusal {
  readonly code: "malformed-frame" | "data-too-long" | "internal";
  /** One sentence for a person: what came, what is allowed. */
  readonly detail: string;
}

export const refuse = (code: Refusal["code"], detail: string): Refusal => ({ code, detail });

/** Reads a client's frame: what it says, or why it is refused. */
export function parseFrame<Frame extends object>(
  schema: FrameSchema<Frame>,
  body: string,
): { readonly frame: Frame } | { readonly refusal: Refusal } {
  const json = parseJson(body);
  if (json === undefined) return { refusal: refuse("malformed-frame", "The frame is not JSON.") };
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return { frame: result.output };
  const [issue] = result.issues;
  return { refusal: refuse(issue.type === "max_bytes" ? "data-too-long" : "malformed-frame", issue.message) };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Says what an object lacks, or that it is none. Arrays pass for objects, and lack the field. */
function notTheFields({ path, received }: v.ObjectIssue): string {
  const field = path?.[0]?.key;
  if (field !== undefined) return `"${String(field)}" is missing.`;
  // A string would be quoted whole, however long.
  return `The frame is ${received.startsWith('"') ? "a string" : received}; it must be a JSON object.`;
}
