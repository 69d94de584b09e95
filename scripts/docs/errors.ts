import { codes } from "../../chat/protocol/error-codes.ts";
import { table } from "./table.ts";
import { transcripts } from "./transcripts.ts";

const said = [...transcripts.values()].join("\n");

/** A sentence of each code that came true. Some faults nobody can bring about from outside. */
function detailOf(code: string): string {
  const found = new RegExp(`^\\w+< (\\{"type":"error","code":"${code}".*)$`, "m").exec(said)?.[1];
  return found === undefined ? "" : `“${JSON.parse(found).detail}”`;
}

export const errorTable = table(
  ["code", "what it means, and what helps", "a `detail`, for example"],
  Object.entries(codes).map(([code, meaning]) => [`\`${code}\``, meaning, detailOf(code)]),
);
