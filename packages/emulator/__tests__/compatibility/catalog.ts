/* The public stacks on which the fixtures in stacks/ are modelled. The fixtures have the same shape, and no code of theirs. */

export interface Source {
  /** The repository on GitHub, or the title of a page. */
  readonly title: string;
  readonly url: string;
  /** The license of the source; undefined if its repository states none. */
  readonly license?: string;
}

interface Modelled {
  /** The folder in stacks/. */
  readonly name: string;
  readonly source: Source;
  /** The parts of the stack that emulators may not support, as a phrase. */
  readonly uses: string;
}

export interface PlayedStack extends Modelled {
  /** The changes without which the source does not start, as a phrase. */
  readonly changes: string;
  /** What to pass to the emulator, in the folder of the stack; default: the folder. */
  readonly input?: string;
  /** Archives that the source builds by a script: the folder of the code, by the path of the zip file. */
  readonly archives?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RefusedStack extends Modelled {
  /** A part of the message. */
  readonly reason: string;
  /** What a user can do, beyond what the messages say. */
  readonly remedy: string;
}

const github = (
  repository: string,
  { path, commit, license }: { readonly path: string; readonly commit: string; readonly license?: string },
): Source => ({
  title: repository,
  url: `https://github.com/${repository}/blob/${commit}/${path}`,
  ...(license !== undefined && { license }),
});

const PATTERNS = "aws-samples/serverless-patterns";

export const PLAYED: readonly PlayedStack[] = [
  {
    name: "provider-example",
    source: github("hashicorp/terraform-provider-aws", {
      path: "examples/api-gateway-websocket-chat-app/main.tf",
      commit: "0413c661ec1b94f3033c98f3fbd1e8c1b2725589",
      license: "MPL-2.0",
    }),
    uses: "`terraform.tfvars`, policies in heredocs, `archive_file` of single files, permissions without `source_arn`",
    changes: "SDK v3",
  },
  {
    name: "sam-chat",
    source: github("aws-samples/simple-websockets-chat-app", {
      path: "template.yaml",
      commit: "013091d91281a0aec4794f9eca8acf24a99375b8",
      license: "MIT-0",
    }),
    uses: "`for_each` over functions, `for` expressions, written-out invocation URIs, a website behind CloudFront",
    changes: "HCL instead of SAM; SDK v3",
  },
  {
    name: "localstack-port",
    source: github("bentsku/simple-websockets-chat-app-tf", {
      path: "main.tf",
      commit: "f821a0d15f31f37fd6e71943ac2b1b7064e946ff",
    }),
    uses: "code in `aws_s3_object`, `credentials_arn`, `managed_policy_arns`, a route response, unformatted HCL",
    changes: "archives built, and uploaded by the stack instead of a script; SDK v3",
    archives: {
      "build/enter.zip": "lambda/enter",
      "build/leave.zip": "lambda/leave",
      "build/talk.zip": "lambda/talk",
    },
  },
  {
    name: "registry-module",
    source: github("terraform-aws-modules/terraform-aws-apigateway-v2", {
      path: "examples/websocket/main.tf",
      commit: "30c9db028fe68c29f5db782c3d7bfb4f424d9ee3",
      license: "Apache-2.0",
    }),
    uses: "registry modules, `dynamic` blocks, `optional()` attributes, `try`, `count`, access logs",
    changes:
      "`terraform init`; `local_existing_package`, because the module for functions builds archives by a Python script",
  },
  {
    name: "local-modules",
    source: github("7910trio/serverless-chatting-app", {
      path: "infra/main.tf",
      commit: "335e75f28de03e192b3b1932b9a4c4edebd149a9",
    }),
    uses: "nested local modules, a REST API in the same stack, an S3 backend, a provider alias, `filebase64sha256`",
    changes: "archive built; SDK v3; permissions to scan and push, which AWS requires, too",
    archives: { "dist/websocket.zip": "backend/websocket" },
  },
  {
    name: "typescript-bundle",
    source: github("adrian-mezei/awsome-chat", {
      path: "terraform/lambda.tf",
      commit: "0ace72164679cab39bd0c186fa5aa89cee902f78",
    }),
    uses: "an invocation URI in a local, triggers with whole resources, `templatefile`, `fileset`, `default_tags`",
    changes: "`npm run build`, `terraform init`",
    input: "terraform",
  },
  {
    name: "route-switch",
    source: github("Mahadevan007/websocket-terraform-typescript", {
      path: "terraform/apiGateway.tf",
      commit: "56bf3266df46e8d41e2025928ab3d9ec56a11a5b",
      license: "MIT",
    }),
    uses: "`inline_policy`, `credentials_arn`, numbers in quotes, responses that no route selects, a region in the code",
    changes: "`npm run build`; region in the environment",
    environment: { AWS_REGION: "us-east-1" },
  },
  {
    name: "for-each-paths",
    source: github("dvargas92495/terraform-aws-websocket", {
      path: "main.tf",
      commit: "0468cd3bb6d216b604ff85e391ca4e44428b9d86",
    }),
    uses: "a module for a list of routes, `replace` with a pattern, `archive_file` of texts, a domain, another provider",
    changes: "handlers in place of the placeholder",
  },
  {
    name: "mapping-template",
    source: github(PATTERNS, {
      path: "apigw-websocket-mapping-template-authorizer/template.yaml",
      commit: "25c9ba4e36ea9461da9c7e954303790a0be4edf5",
      license: "MIT-0",
    }),
    uses: "an authorizer with a callback, a mapping template, ES modules, an endpoint from the API's id",
    changes: "HCL instead of SAM; no slash at the end of the endpoint, because new versions of the SDK double it",
  },
  {
    name: "sam-pattern-post",
    source: github(PATTERNS, {
      path: "apigw-websocket-api-lambda/template.yml",
      commit: "2b637bc7a1ca5c4223a21af961c2b88b33def426",
      license: "MIT-0",
    }),
    uses: "`validation`, `formatlist`, permissions by ARN, no region in the provider",
    changes: "HCL instead of SAM; archive built; region in the environment; SDK v3",
    archives: { "build/src.zip": "src" },
    environment: { AWS_REGION: "eu-west-3" },
  },
  {
    name: "game-routes",
    source: github("pintertamas/shithead-backend", {
      path: "infra/websocket.tf",
      commit: "c7432c92087464d92db104480693d307e866c4ef",
    }),
    uses: "`for_each` over a list of routes, a conditional route key, a query on an index",
    changes: "handlers in JavaScript instead of Java; archive built",
    archives: { "handler.zip": "handler" },
  },
  {
    name: "game-routes",
    source: {
      title: "Terraform: the JSON output format of plans",
      url: "https://developer.hashicorp.com/terraform/internals/json-format",
    },
    uses: "the same stack as a plan: `terraform show -json`",
    changes: "archive built",
    input: "plan.json",
    archives: { "handler.zip": "handler" },
  },
  {
    name: "shared-zip-push",
    source: github("yu-kod/pusher", {
      path: "infra/websocket.tf",
      commit: "56aac7bde6c85cbff67f8d4bf55be3126715cbab",
    }),
    uses: "an HTTP API in the same stack, one archive for two functions, an endpoint from `invoke_url`",
    changes: "`npm run build`",
  },
  {
    name: "authorizer-module",
    source: github("christopher-h-johnson/claude-rag-mvp", {
      path: "terraform/modules/websocket/main.tf",
      commit: "7c32338cc9ce62cc498a4c13f6f31376ba444dc6",
    }),
    uses: "an authorizer of a query parameter, handlers passed to a module, permissions per route, access logs",
    changes: "answers without Bedrock",
  },
  {
    name: "cdktf-output",
    source: github("winglang/winglibs", {
      path: "websockets/platform/tf-aws.w",
      commit: "06a23e2443a62fd46a303885369000fe4a12a089",
      license: "MIT",
    }),
    uses: "the folder that CDKTF writes, `credentials_arn`, `publish`, functions in JSON strings",
    changes: "`invoke_arn` in place of `arn` as the integration URI",
    archives: {
      "stacks/ticker/assets/Fn_onConnect/7D1D/archive.zip": "code/Fn_onConnect",
      "stacks/ticker/assets/Fn_onDisconnect/7D1D/archive.zip": "code/Fn_onDisconnect",
      "stacks/ticker/assets/Fn_onMessage/7D1D/archive.zip": "code/Fn_onMessage",
    },
  },
  {
    name: "middy-router",
    source: github("middyjs/middy", {
      path: "packages/ws-router/index.js",
      commit: "1451add070cf0a9f6faea846366d7d505b67ba92",
      license: "MIT",
    }),
    uses: "middleware around a router, a route response, ES modules",
    changes: "nothing",
  },
  {
    name: "powertools-schema",
    source: github("aws-powertools/powertools-lambda-typescript", {
      path: "packages/parser/src/schemas/api-gateway-websocket.ts",
      commit: "4cb1da01a106f52fbd19d44d27e38c03265efa5b",
      license: "MIT-0",
    }),
    uses: "a schema for events, logs in JSON, stage variables",
    changes: "archive built",
    archives: { "dist/function.zip": "src" },
  },
  {
    name: "tutorial",
    source: {
      title: "OneUptime: How to Create WebSocket API with API Gateway in Terraform",
      url: "https://oneuptime.com/blog/post/2026-02-23-how-to-create-websocket-api-with-api-gateway-in-terraform/view",
    },
    uses: "AWS-managed policies, `random_id`, an alarm, access logs",
    changes: "archives built",
    archives: { "lambda/connect.zip": "src/connect", "lambda/message.zip": "src/message" },
  },
];

export const REFUSED: readonly RefusedStack[] = [
  {
    name: "python-functions",
    source: github("jb-is-batman/terraform-websocket-chat", {
      path: "lambda.tf",
      commit: "1ad74ab6291b778e53b6f049a252cf900044776e",
    }),
    uses: "functions in Python",
    reason: "the runtime python3.12",
    remedy: "Functions run in Node.js only.",
  },
  {
    name: "container-image",
    source: github("dceoy/terraform-aws-websocket-api", {
      path: "modules/lambda/main.tf",
      commit: "31897836b52d0ff5a09f8ffe4ab2879118439f20",
    }),
    uses: "functions in container images",
    reason: "image_uri",
    remedy:
      "The emulator does not use Docker. Deploy the same handlers as archives, or use another stack for development.",
  },
  {
    name: "layer-and-stream",
    source: github("jetty-setter/rabbithole", {
      path: "infra/websocket.tf",
      commit: "7af9f812ccd8d7df5138cc78222215c22bcd965e",
    }),
    uses: "a DynamoDB stream that invokes a function; here also a layer",
    reason: "aws_lambda_event_source_mapping",
    remedy: "Put the libraries of the layer into the archive. Push from the function that writes the item.",
  },
  {
    name: "table-integration",
    source: github("fun-stack/terraform-aws-fun", {
      path: "websocket.tf",
      commit: "2a6808e4d53a8f0a0cc3c0ef34515c5d397e2cdb",
    }),
    uses: "integrations that call DynamoDB without a function",
    reason: "dynamodb:action/PutItem",
    remedy: "Integrations call functions and HTTP endpoints only.",
  },
  {
    name: "package-script",
    source: github("terraform-aws-modules/terraform-aws-lambda", {
      path: "package.tf",
      commit: "025fab3f448fa78ddd18f142128e03839c834af6",
      license: "Apache-2.0",
    }),
    uses: "archives that a script builds during the plan",
    reason: "data source external",
    remedy: "With this module, set `create_package = false` and `local_existing_package`.",
  },
];
