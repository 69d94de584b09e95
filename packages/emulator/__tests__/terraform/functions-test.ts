import { expect } from "chai";
import { parsePolicy } from "../../src/iam/policy.ts";
import { invokePermission, permissionsOf, permits } from "../../src/terraform/functions.ts";
import { readStack } from "../../src/terraform/stack.ts";
import { fixtureStack, reference, returning } from "../../src/testing/fixture-stack.ts";
import { rejection } from "../support/rejection.ts";

describe("terraform/functions", () => {
  const sends = { Effect: "Allow", Action: ["sns:Publish"], Resource: "*" };
  const policy = { Version: "2012-10-17", Statement: [sends] };

  /** A function whose role may publish to topics before the function is created. */
  const read = async (lambda: object, resources: object = {}) => {
    const own = { depends_on: ["aws_iam_role_policy.one"], ...lambda };
    const routes = { one: { code: returning("1"), policy, lambda: own } };
    return (await readStack(fixtureStack({ routes, resources }))).functions[0];
  };

  const asynchronous = async (config: object) => {
    const one = { function_name: reference("aws_lambda_function.one.function_name"), ...config };
    return (await read({}, { aws_lambda_function_event_invoke_config: { one } }))?.asynchronous;
  };

  it("have Lambda's defaults", async () => {
    const own = await read({});
    expect(own?.reservedConcurrency).to.equal(undefined);
    expect(own?.asynchronous).to.include({ retriesMax: 2, ageSecondsMax: 21_600 });
  });

  it("reserve concurrency, but not with -1", async () => {
    expect((await read({ reserved_concurrent_executions: 0 }))?.reservedConcurrency).to.equal(0);
    expect((await read({ reserved_concurrent_executions: 7 }))?.reservedConcurrency).to.equal(7);
    expect((await read({ reserved_concurrent_executions: -1 }))?.reservedConcurrency).to.equal(undefined);
  });

  it("process asynchronous events as configured", async () => {
    expect(await asynchronous({ maximum_retry_attempts: 0, maximum_event_age_in_seconds: 60 })).to.include({
      retriesMax: 0,
      ageSecondsMax: 60,
    });
  });

  it("are rejected if a destination is neither a function nor a queue of the stack", async () => {
    const topic = "arn:aws:sns:eu-west-2:000000000000:topic";
    expect(await rejection(asynchronous({ destination_config: { on_failure: { destination: topic } } }))).to.include(
      `The emulator does not support ${topic} as the on_failure destination of the function one.`,
    );
    expect(await rejection(read({ dead_letter_config: { target_arn: topic } }))).to.include(
      `The emulator does not support ${topic} as the dead-letter target of the function one.`,
    );
  });

  for (const attribute of ["layers", "image_uri"]) {
    it(`are rejected with ${attribute}, by name`, async () => {
      expect(await rejection(read({ [attribute]: "x" }))).to.include(
        `The emulator does not support "${attribute}" of aws_lambda_function.one.`,
      );
    });
  }

  it("read their code from an object of the stack", async () => {
    const object = { bucket: "code", key: "one.zip", source: "one.zip" };
    const lambda = { filename: null, s3_bucket: "code", s3_key: reference("aws_s3_object.one.key") };
    const own = await read(lambda, { aws_s3_object: { one: object } });
    expect(own?.archivePath).to.match(/one\.zip$/);
    expect(await rejection(read(lambda, { aws_s3_object: { one: { ...object, bucket: "other" } } }))).to.include(
      "aws_lambda_function.one has its code in the object one.zip of the bucket code.",
    );
  });

  it("are invoked by an alias, or by a version", async () => {
    const aws_lambda_alias = {
      live: { name: "live", function_name: reference("aws_lambda_function.one.arn"), function_version: "1" },
    };
    for (const uri of ["aws_lambda_alias.live.invoke_arn", "aws_lambda_function.one.qualified_invoke_arn"]) {
      const one = { code: returning("1"), lambda: { publish: true }, integration: { integration_uri: reference(uri) } };
      const { routes } = await readStack(fixtureStack({ routes: { one }, resources: { aws_lambda_alias } }));
      expect(routes[0]?.integration).to.include({ functionName: "one", mayInvoke: true });
    }
  });

  it("are rejected if their archive does not exist", async () => {
    expect(await rejection(read({ filename: "build/gone.zip" }))).to.match(
      /^aws_lambda_function\.one has the archive .*build\/gone\.zip, which does not exist\. Build it first/,
    );
  });

  it("are rejected with the runtime of another language, by name", async () => {
    expect(await rejection(read({ runtime: "python3.13" }))).to.include(
      "The emulator does not support the runtime python3.13 of aws_lambda_function.one. Use a Node.js runtime",
    );
  });
});

const API = "arn:aws:execute-api:eu-west-2:000000000000:a1b2c3";

const permission = {
  function_name: "say",
  action: "lambda:InvokeFunction",
  principal: "apigateway.amazonaws.com",
  source_arn: `${API}/*/sendmessage`,
};

/** Whether the function `say` allows API Gateway to invoke it for the route, with these changes to its permission. */
const isPermitted = (own: object = {}, sourceArn = `${API}/dev/sendmessage`): boolean =>
  permits(permissionsOf({ aws_lambda_permission: { say: { ...permission, ...own } } }), {
    functionName: "say",
    sourceArn,
  });

describe("terraform/permissions", () => {
  it("allows API Gateway to invoke a function for the route in its permission (HS-25, TF-11)", () => {
    expect(isPermitted()).to.equal(true);
    expect(isPermitted({}, `${API}/dev/$connect`)).to.equal(false);
  });

  for (const [title, own] of Object.entries({
    "for the whole API": { source_arn: `${API}/*` },
    "for any source": { source_arn: undefined },
    "for every action of Lambda": { action: "lambda:*" },
    "of the function by its ARN": { function_name: "arn:aws:lambda:eu-west-2:000000000000:function:say" },
  })) {
    it(`accepts a permission ${title}`, () => {
      expect(isPermitted(own)).to.equal(true);
    });
  }

  for (const [title, own] of Object.entries({
    "of another function": { function_name: "say-more" },
    "for another service": { principal: "events.amazonaws.com" },
    "for another action": { action: "lambda:GetFunction" },
    "for another API": { source_arn: `${API}x/*` },
    "with a wildcard across the parts of the ARN": { source_arn: `arn:aws:execute-api:*:${API.split(":").at(-1)}/*` },
    "for another stage": { source_arn: `${API}/prod/*` },
    "for the authorizers": { source_arn: `${API}/authorizers/*` },
  })) {
    it(`does not accept a permission ${title}`, () => {
      expect(isPermitted(own)).to.equal(false);
    });
  }

  it("denies API Gateway if there is no permission", () => {
    expect(permits(permissionsOf({}), { functionName: "say", sourceArn: API })).to.equal(false);
  });
});

describe("terraform/permissions of integrations with credentials", () => {
  const lambda = { function_name: "say", arn: "arn:aws:lambda:eu-west-2:000000000000:function:say" };
  const sourceArn = `${API}/dev/say`;

  /** What a role with these statements, and a permission of the function for everything, allow. */
  const permissionWith = (statements: readonly object[], credentialsArn: string | undefined = "arn:role") => {
    const policy = { address: "aws_iam_role_policy.api", statements: parsePolicy({ Statement: statements }) };
    const roles = new Map([["arn:role", { address: "aws_iam_role.api", name: "api", policies: [policy] }]]);
    const permissions = permissionsOf({ aws_lambda_permission: { say: permission } }, roles);
    return invokePermission(permissions, { lambda, sourceArn, credentialsArn });
  };

  it("allows API Gateway to invoke a function if the role does", () => {
    const statement = { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: lambda.arn };
    expect(permissionWith([statement])).to.deep.equal({ mayInvoke: true, credentials: "aws_iam_role.api" });
  });

  it("denies API Gateway without a policy of the role, whatever the function permits", () => {
    const other = { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: `${lambda.arn}-more` };
    expect(permissionWith([other])).to.deep.equal({ mayInvoke: false, credentials: "aws_iam_role.api" });
    expect(permissionWith([], "arn:gone")).to.deep.equal({ mayInvoke: false, credentials: "arn:gone" });
  });
});
