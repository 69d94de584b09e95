import { readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../docs/transcripts/", import.meta.url);

/** Transcripts of frames, by the route or type of frame that they show. A test replays each of them. */
export const transcripts: ReadonlyMap<string, string> = new Map(
  readdirSync(FOLDER)
    .sort()
    .map((file) => [file.replace(/\.txt$/, ""), readFileSync(new URL(file, FOLDER), "utf8")]),
);
