import { codes } from "../../chat/protocol/error-codes.ts";
import { table } from "./table.ts";
import { transcripts } from "./transcripts.ts";

const allTranscripts = [...transcripts.values()].join("\n");

/** An example from the transcripts. Some errors cannot be caused by a client, and have none. */
function detailOf(code: string): string {
  const found = new RegExp(`^\\w+< (\\{"type":"error","code":"${code}".*)$`, "m").exec(allTranscripts)?.[1];
  return found === undefined ? "" : `“${JSON.parse(found).detail}”`;
}

export const errorTable = table(
  ["code", "meaning, and what to do", "example of `detail`"],
  Object.entries(codes).map(([code, meaning]) => [`\`${code}\``, meaning, detailOf(code)]),
);
