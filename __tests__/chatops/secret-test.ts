import { expect } from "chai";
import { hasFailed } from "../../chatops/failure.ts";
import { readStages } from "../../chatops/secret.ts";
import { services } from "../../chatops/services.ts";
import { memorySecret } from "../support/chatops/memory-secret.ts";

const TOKEN = "s3cr3t-t0ken-of-somebody";

for (const service of services) {
  describe(`chatops/secret, for ${service.key}`, () => {
    const detail = async (current?: object): Promise<string> => {
      const read = await readStages(service, memorySecret(current));
      return hasFailed(read) ? `${read.failure.code}: ${read.failure.detail}` : "It did not fail.";
    };

    it("reports an empty secret, and how to set it", async () => {
      expect(await detail()).to.equal(
        `unusable-secret: The secret for ${service.title} is empty. Set it with: npm run secret -- ${service.key}`,
      );
    });

    it("names the invalid fields without their values", async () => {
      const said = await detail({ url: TOKEN, token: [TOKEN], user: [TOKEN], privateKey: TOKEN, project: TOKEN });
      expect(said).to.match(
        /^unusable-secret: The secret for .* has missing or invalid fields: "url".* docs\/chatops\.md lists the fields\./,
      );
      expect(said).not.to.include(TOKEN);
    });

    it("requires TLS, except on a loopback address", async () => {
      const withUrl = async (url: string) => (await detail({ url })).includes('"url"');
      expect(await withUrl("http://example.com")).to.equal(true);
      expect(await withUrl("http://localhost.example.com")).to.equal(true);
      expect(await withUrl("https://example.com/api/")).to.equal(false);
      expect(await withUrl("http://127.0.0.1:3000")).to.equal(false);
    });
  });
}
