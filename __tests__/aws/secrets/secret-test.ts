import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { type Emulator, start } from "@serverless-chat/emulator";
import { fixtureStack } from "@serverless-chat/emulator/testing/fixture-stack";
import { expect } from "chai";
import { secret } from "../../../aws/secrets/secret.ts";
import type { Secret } from "../../../chatops/secret.ts";
import { secretsManagerAt } from "../../../scripts/secret/flags.ts";
import { memorySecret } from "../../support/chatops/memory-secret.ts";

const NAME = "chat/github";
const STACK = fixtureStack({ resources: { aws_secretsmanager_secret: { github: { name: NAME } } } });

describe("aws/secrets/secret", () => {
  let emulator: Emulator;
  let client: SecretsManagerClient;
  beforeEach(async () => {
    emulator = await start({ stackDirectory: STACK });
    client = secretsManagerAt({ region: "eu-west-2", endpoint: emulator.endpointUrl });
  });
  afterEach(async () => {
    client.destroy();
    await emulator.stop();
  });
  const own = (): Secret => secret({ client, arn: NAME });
  const set = (SecretString: string) => client.send(new PutSecretValueCommand({ SecretId: NAME, SecretString }));

  it("is empty until an operator sets it", async () => {
    expect(await own().read()).to.deep.equal({ current: undefined, pending: undefined, previous: undefined });
  });

  it("treats a value that is not a JSON object as one without fields", async () => {
    for (const text of ["ghp_secret", '"ghp_secret"']) {
      await set(text);
      expect((await own().read()).current).to.deep.equal({});
    }
  });

  /** Performs the steps of rotations, and returns the stages after each step. */
  const stagesAfterEachStep = async (of: Secret) => {
    const stages = [];
    const steps = [
      () => of.putPending({ token: "lost" }),
      () => of.putPending({ token: "two" }),
      () => of.dropPending(),
      () => of.putPending({ token: "three" }),
      () => of.promote(),
      () => of.dropPrevious(),
      () => of.putPending({ token: "four" }),
    ];
    for (const step of steps) {
      await step();
      const { current, pending, previous } = await of.read();
      stages.push({ current, pending, previous });
    }
    return stages;
  };

  it("rotates like the secret in memory that other tests use", async () => {
    await set('{"token":"one"}');
    expect(await stagesAfterEachStep(own())).to.deep.equal(await stagesAfterEachStep(memorySecret({ token: "one" })));
  });

  it("removes AWSPREVIOUS from a dropped version", async () => {
    await set('{"token":"one"}');
    await own().putPending({ token: "two" });
    await own().promote();
    await own().dropPrevious();
    const described: DescribeSecretCommandOutput = await client.send(new DescribeSecretCommand({ SecretId: NAME }));
    expect(Object.values(described.VersionIdsToStages ?? {})).to.deep.equal([["AWSPENDING", "AWSCURRENT"]]);
  });
});
