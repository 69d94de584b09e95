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

  it("import only what the package exports", () => {
    const imported = files
      .flatMap(blocksOf)
      .flatMap((code) => [...code.matchAll(/import \{([^}]*)\} from "@serverless-chat\/client";/g)])
      .flatMap(([, names = ""]) => names.split(",").map((name) => name.trim()));
    expect(Object.keys(client)).to.include.members(imported);
  });
});
