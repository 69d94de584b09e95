import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { build, type Plugin } from "esbuild";
import { zipSync } from "fflate";
import { BUNDLE_OPTIONS, type Bundle } from "../../infra/bundle.ts";
import { ROOT } from "./project-copy.ts";
import { bundles, synthesizedChat } from "./synthesized.ts";

export interface DyingChat {
  readonly stackDirectory: string;
  hasDied(): boolean;
}

/**
 * The chat with a `sendmessage` function that exits before its first push of a text: the message is stored and not
 * delivered.
 */
export async function dyingChat(text: string): Promise<DyingChat> {
  const markerFile = join(temporaryDirectory(), "died");
  const { outputFiles } = await build({
    ...BUNDLE_OPTIONS,
    entryPoints: ["handlers/send-message.ts"],
    outdir: "handlers",
    define: { DIES_AT: JSON.stringify({ text, markerFile }) },
    plugins: [pushThatDies],
  });
  const archivePath = join(temporaryDirectory(), "send-message.zip");
  writeFileSync(archivePath, zipSync({ "index.mjs": outputFiles[0]?.contents as Uint8Array }));
  const dying: Bundle = { archivePath, sourceCodeHash: "unused" };
  const stackDirectory = synthesizedChat({ bundles: new Map([...bundles(), ["send-message", dying]]) });
  return { stackDirectory, hasDied: () => existsSync(markerFile) };
}

const DYING_PUSH = join(ROOT, "__tests__/support/dying-push.ts");

/** Replaces the push for every importer except the replacement itself. */
const pushThatDies: Plugin = {
  name: "push-that-dies",
  setup({ onResolve }) {
    onResolve({ filter: /\/management-api\.ts$/ }, ({ importer }) =>
      importer === DYING_PUSH ? undefined : { path: DYING_PUSH },
    );
  },
};
