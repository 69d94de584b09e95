import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3Object, type S3ObjectConfig } from "@cdktf/provider-aws/lib/s3-object/index.js";
import { AssetType, TerraformAsset, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { PageConfig } from "../../web/page-config.ts";
import { websiteBucketPrefix, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";
import { pageFeaturesOf, type WebsiteDetails, websiteOrigins } from "../settings/website.ts";
import { CREATE_BEFORE_DESTROY } from "../terraform.ts";
import { CONFIG_FILE, REVALIDATED, START_PAGE, type WebsiteFile } from "../website-files.ts";
import { Distribution } from "./distribution.ts";
import { PageSignIn } from "./page-sign-in.ts";
import { PrivateBucket } from "./private-bucket.ts";
import type { UserPool } from "./user-pool.ts";

export interface WebsiteProps {
  readonly environment: Environment;
  readonly details: WebsiteDetails;
  readonly files: readonly WebsiteFile[];
  /** `wss://…`, where the page connects. */
  readonly websocketUrl: string;
  /** The origin of `websocketUrl`, as `wss://…` and as `https://…`. */
  readonly chatOrigins: readonly string[];
  /** The user pool that the stack creates. */
  readonly userPool: UserPool | undefined;
  readonly certificateProvider: TerraformProvider;
}

/**
 * Without the tags of the provider: an S3 object can have ten tags, which is fewer than the settings allow.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
const WITHOUT_TAGS = { defaultTags: { tags: {} } };

/**
 * The page: its files in a private bucket, and the CloudFront distribution that publishes them. The functions' settings refer
 * to the distribution, and the file `config.json` refers to the API, so neither waits for the other.
 */
export class Website extends Construct {
  /** `https://…`, where people open the page. */
  readonly url: string;
  /** The origins that browsers send for the page. */
  readonly origins: readonly string[];
  /** The app client of the page. Undefined without a user pool. */
  readonly clientId: string | undefined;

  constructor(scope: Construct, id: string, props: WebsiteProps) {
    super(scope, id);
    const { environment, details, chatOrigins, certificateProvider, userPool } = props;
    const files = new PrivateBucket(this, "files", {
      terraformId: this.node.id,
      bucket: {
        // Bucket names are unique among all accounts, so Terraform appends a unique suffix.
        bucketPrefix: websiteBucketPrefix(environment),
        // Its objects come from the sources, so it can be deleted with them, and needs no versions.
        forceDestroy: true,
      },
    });
    const { bucket } = files;
    const signIn = new PageSignIn(this, "sign-in", { environment, details, userPool });
    const distribution = new Distribution(this, "distribution", {
      ...{ environment, bucket, certificateProvider },
      domain: details.domain,
      connectsTo: [...chatOrigins, ...signIn.origins],
    });
    this.url = distribution.url;
    this.origins = websiteOrigins(environment, distribution.host);
    this.#letDistributionRead(files, distribution);
    const settings = signIn.settingsFor(`${this.url}/`);
    this.clientId = settings.kind === "cognito" ? settings.clientId : undefined;
    const config: PageConfig = {
      url: props.websocketUrl,
      signIn: settings,
      ...pageFeaturesOf(environment),
    };
    this.#upload(bucket, props, JSON.stringify(config));
  }

  /**
   * The bucket policy names a service with a condition, so S3 does not treat it as public.
   * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
   */
  #letDistributionRead(files: PrivateBucket, distribution: Distribution): void {
    files.setPolicy({
      Sid: "DistributionReads",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: `${files.bucket.arn}/*`,
      Condition: { StringEquals: { "aws:SourceArn": distribution.arn } },
    });
  }

  /** The start page is uploaded last, and old files are deleted after it: at no time does it refer to a missing file. */
  #upload({ id: bucket }: S3Bucket, { files }: WebsiteProps, config: string): void {
    const place = { bucket, overrideProvider: WITHOUT_TAGS };
    const settings = new S3Object(this, "config", {
      ...place,
      key: CONFIG_FILE,
      content: config,
      contentType: "application/json",
      cacheControl: REVALIDATED,
    });
    withId(settings, `${this.node.id}-config`);
    const others = files
      .filter(({ path }) => path !== START_PAGE)
      .map((file) => this.#uploadFile(file, { ...place, lifecycle: CREATE_BEFORE_DESTROY }));
    for (const file of files.filter(({ path }) => path === START_PAGE)) {
      this.#uploadFile(file, { ...place, dependsOn: [settings, ...others] });
    }
  }

  #uploadFile(file: WebsiteFile, placed: Omit<S3ObjectConfig, "key">): S3Object {
    const id = file.path.replaceAll(/[^\w-]/g, "-");
    const asset = new TerraformAsset(this, `file-${id}`, { path: file.file, type: AssetType.FILE });
    const object = new S3Object(this, `object-${id}`, {
      ...placed,
      key: file.path,
      source: asset.path,
      sourceHash: file.hash,
      contentType: file.contentType,
      cacheControl: file.cacheControl,
    });
    return withId(object, `${this.node.id}-${id}`);
  }
}
