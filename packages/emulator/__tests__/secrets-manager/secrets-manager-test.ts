import { randomUUID } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  type PutSecretValueCommandInput,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { localCredentials } from "../../src/iam/principal.ts";
import { type Emulator, start } from "../../src/start.ts";
import { fixtureStack } from "../../src/testing/fixture-stack.ts";
import { connect } from "../support/client.ts";
import { namedRejection } from "../support/rejection.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const ARN = /^arn:aws:secretsmanager:eu-west-2:000000000000:secret:chat\/github-[0-9a-f]{6}$/;

/** A function that reads the secret named in the frame, and returns its value or the error. */
const reader = `
  import { createRequire } from "node:module";
  const sdk = createRequire(${JSON.stringify(import.meta.url)})("@aws-sdk/client-secrets-manager");
  const client = new sdk.SecretsManagerClient({ maxAttempts: 1 });
  export const handler = async ({ body }) => {
    try {
      const { SecretString } = await client.send(new sdk.GetSecretValueCommand({ SecretId: JSON.parse(body).name }));
      return { statusCode: 200, body: SecretString };
    } catch (fault) {
      return { statusCode: 200, body: fault.name + ": " + fault.message };
    }
  };`;

const allow = (...Action: string[]) => ({
  Effect: "Allow",
  Action,
  Resource: "arn:aws:secretsmanager:eu-west-2:000000000000:secret:chat/github-??????",
});

const stackDirectory = fixtureStack({
  routes: {
    github: { code: reader, routeResponse: true, policy: { Statement: [allow("secretsmanager:GetSecretValue")] } },
    keyed: {
      code: reader,
      routeResponse: true,
      policy: { Statement: [{ ...allow("secretsmanager:GetSecretValue"), Resource: "*" }] },
    },
  },
  resources: {
    aws_kms_key: { own: { description: "keyed" } },
    aws_secretsmanager_secret: {
      github: { name: "chat/github", description: "of GitHub" },
      jenkins: { name: "chat/jenkins" },
      keyed: { name: "chat/keyed", kms_key_id: "${aws_kms_key.own.arn}" },
    },
  },
});

describe("secrets-manager", () => {
  let emulator: Emulator;
  let client: SecretsManagerClient;
  let reports: unknown[];

  const open = async (dataDirectory?: string, stack = stackDirectory) => {
    reports = [];
    emulator = await start({
      stackDirectory: stack,
      ...(dataDirectory !== undefined && { dataDirectory }),
      log: ({ source, message }) => void (source === "emulator" && reports.push(message)),
    });
    client = new SecretsManagerClient({
      endpoint: emulator.endpointUrl,
      region: "eu-west-2",
      credentials: localCredentials(),
      maxAttempts: 1,
    });
  };
  const close = async () => {
    client.destroy();
    await emulator.stop();
  };
  beforeEach(() => open());
  afterEach(close);

  /** Stores a value, and returns the id of its version. */
  const put = async (SecretString: string, own: Partial<PutSecretValueCommandInput> = {}): Promise<string> => {
    const command = new PutSecretValueCommand({ SecretId: "chat/github", SecretString, ...own });
    return (await client.send(command)).VersionId as string;
  };
  const get = async (own: Partial<GetSecretValueCommandInput> = {}) =>
    (await client.send(new GetSecretValueCommand({ SecretId: "chat/github", ...own }))).SecretString;
  const move = (VersionStage: string, own: { RemoveFromVersionId?: string; MoveToVersionId?: string }) =>
    client.send(new UpdateSecretVersionStageCommand({ SecretId: "chat/github", VersionStage, ...own }));
  const stages = async () =>
    (await client.send(new DescribeSecretCommand({ SecretId: "chat/github" }))).VersionIdsToStages;

  describe("a secret that Terraform created", () => {
    it("can be described, and has no value", async () => {
      const {
        ARN: arn,
        Name,
        Description,
        VersionIdsToStages,
      } = await client.send(new DescribeSecretCommand({ SecretId: "chat/github" }));
      expect(arn).to.match(ARN);
      expect([Name, Description, VersionIdsToStages]).to.deep.equal(["chat/github", "of GitHub", {}]);
      expect(await namedRejection(get())).to.equal(
        "ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
      );
    });

    it("can be read by its ARN", async () => {
      const { ARN: SecretId } = await client.send(new DescribeSecretCommand({ SecretId: "chat/github" }));
      await put("one");
      expect(await get({ SecretId })).to.equal("one");
      expect(await namedRejection(get({ SecretId: "chat/gitlab" }))).to.equal(
        "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
      );
    });
  });

  describe("PutSecretValue", () => {
    it("makes the new version current, and the current one previous", async () => {
      const [one, two] = [await put("one"), await put("two")];
      expect(await stages()).to.deep.equal({ [two]: ["AWSCURRENT"], [one]: ["AWSPREVIOUS"] });
      expect([await get(), await get({ VersionStage: "AWSPREVIOUS" })]).to.deep.equal(["two", "one"]);
    });

    it("makes the first version current, whatever its label", async () => {
      const id = await put("one", { VersionStages: ["AWSPENDING"] });
      expect(await stages()).to.deep.equal({ [id]: ["AWSPENDING", "AWSCURRENT"] });
    });

    it("keeps the current version if it stores a pending one, and moves the label from another", async () => {
      const [one] = [await put("one"), await put("two", { VersionStages: ["AWSPENDING"] })];
      const three = await put("three", { VersionStages: ["AWSPENDING"] });
      expect(await stages()).to.deep.equal({ [one]: ["AWSCURRENT"], [three]: ["AWSPENDING"] });
    });

    it("applies a repeated request once, and rejects another value with the same token", async () => {
      const own = { ClientRequestToken: randomUUID(), VersionStages: ["AWSPENDING"] };
      await put("one");
      const [first, second] = [await put("two", own), await put("two", own)];
      expect(first).to.equal(second).and.to.equal(own.ClientRequestToken);
      expect(await namedRejection(put("three", own))).to.match(/^ResourceExistsException: .* is already in use/);
    });

    it("stores binary values", async () => {
      const bytes = Uint8Array.from([0, 255, 1]);
      await client.send(new PutSecretValueCommand({ SecretId: "chat/github", SecretBinary: bytes }));
      const { SecretBinary } = await client.send(new GetSecretValueCommand({ SecretId: "chat/github" }));
      expect(SecretBinary).to.deep.equal(bytes);
    });

    for (const [what, own] of Object.entries({
      "no value": { SecretString: undefined },
      "a value of too many bytes": { SecretString: "x".repeat(65_537) },
      "a token that is too short": { ClientRequestToken: "short" },
      "no label": { VersionStages: [] },
    }))
      it(`rejects ${what}`, async () => {
        expect(await namedRejection(put("one", own as Partial<PutSecretValueCommandInput>))).to.match(
          /^InvalidParameterException: /,
        );
      });
  });

  describe("GetSecretValue", () => {
    it("returns a version by its id, and rejects a label that it does not have", async () => {
      const [VersionId] = [await put("one"), await put("two")];
      expect(await get({ VersionId })).to.equal("one");
      expect(await namedRejection(get({ VersionId, VersionStage: "AWSCURRENT" }))).to.match(
        /^InvalidRequestException: /,
      );
    });
  });

  describe("UpdateSecretVersionStage", () => {
    it("makes a pending version current, and the current one previous", async () => {
      const [one, two] = [await put("one"), await put("two", { VersionStages: ["AWSPENDING"] })];
      await move("AWSCURRENT", { RemoveFromVersionId: one, MoveToVersionId: two });
      expect(await stages()).to.deep.equal({ [one]: ["AWSPREVIOUS"], [two]: ["AWSPENDING", "AWSCURRENT"] });
    });

    it("requires the id of the version that the label leaves", async () => {
      const [one, two] = [await put("one"), await put("two", { VersionStages: ["AWSPENDING"] })];
      expect(await namedRejection(move("AWSCURRENT", { MoveToVersionId: two }))).to.equal(
        `InvalidParameterException: The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${one}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
      expect(await stages()).to.deep.equal({ [one]: ["AWSCURRENT"], [two]: ["AWSPENDING"] });
    });

    it("removes a label, and lists a version without labels on request", async () => {
      const [one, two] = [await put("one"), await put("two", { VersionStages: ["AWSPENDING"] })];
      await move("AWSPENDING", { RemoveFromVersionId: two });
      const listed = async (IncludeDeprecated: boolean) => {
        const command = new ListSecretVersionIdsCommand({ SecretId: "chat/github", IncludeDeprecated });
        return (await client.send(command)).Versions?.map(({ VersionId }) => VersionId);
      };
      expect([await listed(false), await listed(true)]).to.deep.equal([[one], [one, two]]);
    });

    it("does not remove the label of the current version", async () => {
      const RemoveFromVersionId = await put("one");
      expect(await namedRejection(move("AWSCURRENT", { RemoveFromVersionId }))).to.match(
        /^InvalidParameterException: You can only move staging label AWSCURRENT/,
      );
    });

    it("rejects an unknown version, and a label that the version does not have", async () => {
      const one = await put("one");
      expect(await namedRejection(move("AWSPENDING", { MoveToVersionId: "none" }))).to.match(
        /Not a valid version: none/,
      );
      expect(await namedRejection(move("AWSPENDING", { RemoveFromVersionId: one }))).to.match(/is not attached to/);
    });
  });

  describe("access", () => {
    const read = async (route: string, name: string): Promise<string> => {
      const socket = await connect(emulator.url);
      socket.send({ message: route, name });
      const answer = await socket.next();
      await socket.close();
      return answer;
    };

    it("allows a function to read the secret of its role", async () => {
      await put("one");
      expect(await read("github", "chat/github")).to.equal("one");
    });

    it("denies it every other secret, and reports the missing permission", async () => {
      await put("two", { SecretId: "chat/jenkins" });
      expect(await read("github", "chat/jenkins")).to.match(
        /^AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role\/github\/github is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-2:000000000000:secret:chat\/jenkins-/,
      );
      expect(reports.at(-1)).to.match(
        /^aws_iam_role\.github is not allowed to perform secretsmanager:GetSecretValue on /,
      );
    });

    it("requires a permission for the key of a secret", async () => {
      await put("three", { SecretId: "chat/keyed" });
      expect(await read("keyed", "chat/keyed")).to.match(
        /is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:/,
      );
    });

    it("rejects an unsigned request", async () => {
      const headers = { "x-amz-target": "secretsmanager.GetSecretValue" };
      const response = await fetch(emulator.endpointUrl, {
        method: "POST",
        headers,
        body: '{"SecretId":"chat/github"}',
      });
      expect([response.status, await response.json()]).to.deep.equal([
        400,
        { __type: "MissingAuthenticationTokenException", message: "Missing Authentication Token" },
      ]);
    });
  });

  it("rejects a body that is not a JSON object, without quoting it", async () => {
    const headers = { "x-amz-target": "secretsmanager.PutSecretValue" };
    for (const body of ["hunter2", '"hunter2"']) {
      const response = await fetch(emulator.endpointUrl, { method: "POST", headers, body });
      expect(await response.json()).to.deep.equal({
        __type: "SerializationException",
        Message: "The request body must be a JSON object.",
      });
    }
  });

  it("responds to an unsigned request whose SecretId is not a string", async () => {
    const headers = { "x-amz-target": "secretsmanager.GetSecretValue" };
    for (const SecretId of [undefined, null, 7, ["chat/github"], { toString: 1 }]) {
      const response = await fetch(emulator.endpointUrl, {
        method: "POST",
        headers,
        body: JSON.stringify({ SecretId }),
      });
      expect(await response.json()).to.have.property("__type", "MissingAuthenticationTokenException");
    }
  });

  it("rejects a key that is not in the stack, at the start", async () => {
    const keyed = { name: "chat/keyed", kms_key_id: "alias/elsewhere" };
    const stack = fixtureStack({ resources: { aws_secretsmanager_secret: { keyed } } });
    expect(await namedRejection(start({ stackDirectory: stack }))).to.include("which is not in the stack");
  });

  it("keeps a hundred versions without labels", async () => {
    for (let version = 0; version < 103; version += 1) await put(String(version));
    const command = new ListSecretVersionIdsCommand({ SecretId: "chat/github", IncludeDeprecated: true });
    const { Versions = [] } = await client.send(command);
    expect(Versions.filter(({ VersionStages = [] }) => VersionStages.length === 0)).to.have.length(100);
  });

  it("rejects an unsupported operation, by name", async () => {
    expect(await namedRejection(client.send(new CreateSecretCommand({ Name: "mine" })))).to.match(
      /^UnknownOperationException: .* does not support the operation CreateSecret\. It supports GetSecretValue, /,
    );
  });

  it("does not keep values without a folder", async () => {
    await put("one");
    await close();
    await open();
    expect(await namedRejection(get())).to.match(/^ResourceNotFoundException/);
  });

  describe("in a folder", () => {
    it("keeps values and labels between runs, in a file that only its owner can read", async () => {
      const directory = temporaryDirectory();
      await close();
      await open(directory);
      const [one, two] = [await put("one"), await put("two", { VersionStages: ["AWSPENDING"] })];
      await close();
      await open(directory);
      expect(await stages()).to.deep.equal({ [one]: ["AWSCURRENT"], [two]: ["AWSPENDING"] });
      expect(await get()).to.equal("one");
      expect(statSync(join(directory, "secrets.json")).mode & 0o777).to.equal(0o600);
    });

    it("keeps the secrets of another stack that used the folder", async () => {
      const directory = temporaryDirectory();
      await close();
      await open(directory);
      await put("one");
      await close();
      const other = fixtureStack({ resources: { aws_secretsmanager_secret: { other: { name: "other" } } } });
      await open(directory, other);
      await put("two", { SecretId: "other" });
      await close();
      await open(directory);
      expect(await get()).to.equal("one");
    });

    it("rejects an invalid file, without quoting it", async () => {
      const directory = temporaryDirectory();
      writeFileSync(join(directory, "secrets.json"), '{"chat/github": hunter2');
      const message = await namedRejection(start({ stackDirectory, dataDirectory: directory }));
      expect(message)
        .to.match(/^\w+: Cannot read the secrets in .*\. Fix the file/)
        .and.not.include("hunter2");
      expect(readFileSync(join(directory, "secrets.json"), "utf8")).to.include("hunter2");
    });
  });
});
