import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as client from "@serverless-chat/client";
import { expect } from "chai";
import { transformSync } from "esbuild";

const files = ["docs/client.md", "packages/client/README.md"];
const read = (file: string): string => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), "utf8");
const blocksOf = (file: string): string[] =>
  [...read(file).matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = ""]) => code);

describe("the examples of the client", () => {
  it("are valid JavaScript", () => {
    const blocks = files.flatMap(blocksOf);
    expect(blocks).to.have.length.above(5);
    for (const code of blocks) transformSync(code, { loader: "jsx", format: "esm" });
  });

  it("install the package from the archive that npm pack writes", () => {
    const { name, version } = JSON.parse(read("packages/client/package.json"));
    const archive = `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
    for (const file of files) {
      expect(read(file)).to.include("npm run build -w packages/client\nnpm pack -w packages/client\n");
      expect(read(file)).to.match(new RegExp(`^npm install \\S+/${archive}`, "m"));
    }
  });

  describe("of errors", () => {
    const [code = ""] = blocksOf("docs/client.md").filter((block) => block.includes("catch (error)"));
    /** Runs the example while the first message is refused with an error. Returns its requests. */
    const runWith = async (error: Error): Promise<readonly string[]> => {
      const requests: string[] = [];
      const session = {
        async send() {
          requests.push("send");
          if (!requests.includes("join")) throw error;
        },
        join: async () => requests.push("join"),
      };
      const body = `return (async () => {${code.replace(/^import .*$/m, "")}})()`;
      await new Function("session", "ChatError", body)(session, client.ChatError);
      return requests;
    };

    it("joins the channel and sends again if the user is not a member or the channel does not exist", async () => {
      for (const each of ["not-a-member", "unknown-channel"] as const) {
        const requests = await runWith(new client.ChatError(each, "Join it first."));
        expect(requests).to.deep.equal(["send", "join", "send"]);
      }
    });

    it("throws every other error again", async () => {
      for (const error of [new client.ChatError("muted", "You are muted."), new Error("a bug")]) {
        expect(await runWith(error).catch((fault: unknown) => fault)).to.equal(error);
      }
    });
  });

  it("import only what the package exports", () => {
    const imported = files
      .flatMap(blocksOf)
      .flatMap((code) => [...code.matchAll(/import \{([^}]*)\} from "@serverless-chat\/client";/g)])
      .flatMap(([, names = ""]) => names.split(",").map((name) => name.trim()));
    expect(Object.keys(client)).to.include.members(imported);
  });
});
