// Runs gitlab-ci-local, which has GitLab's own JSON schema of the file, in the current directory. It is written for a later node.
Set.prototype.union ??= function (other) { return new Set([...this, ...other]); };
Set.prototype.difference ??= function (other) { return new Set([...this].filter(item => !other.has(item))); };
Set.prototype.intersection ??= function (other) { return new Set([...this].filter(item => other.has(item))); };
Set.prototype.isSubsetOf ??= function (other) { return [...this].every(item => other.has(item)); };
Set.prototype.isSupersetOf ??= function (other) { return [...other].every(item => this.has(item)); };
Set.prototype.isDisjointFrom ??= function (other) { return [...this].every(item => !other.has(item)); };

await import("gitlab-ci-local/dist/index.js");
