import type { TerraformResourceLifecycle } from "cdktf";

/**
 * For a resource that a setting can remove while a remaining resource refers to it. By default, Terraform deletes the resource
 * first. AWS then rejects the deletion (an authorizer in a route), or the remaining resource is broken until it is updated (a
 * secret without its key). With this lifecycle, Terraform updates the remaining resource first. Terraform also applies it to
 * every resource that this one refers to.
 *
 * Terraform stores the order in the state, so it must be applied once before the setting changes. Trap: a resource with a
 * fixed name must not be replaced under the same name, because both exist for a moment. The resources that use this are
 * replaced only if their name or the API's id changes.
 * https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy
 */
export const REMOVED_AFTER_ITS_USERS: TerraformResourceLifecycle = { createBeforeDestroy: true };
