import { readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../docs/transcripts/", import.meta.url);

/** What is said on the wire, by the name of the route or of the type of frame that it shows. A test replays each. */
export const transcripts: ReadonlyMap<string, string> = new Map(
  readdirSync(FOLDER)
    .sort()
    .map((file) => [file.replace(/\.txt$/, ""), readFileSync(new URL(file, FOLDER), "utf8")]),
);
