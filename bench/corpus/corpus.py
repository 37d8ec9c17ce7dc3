#!/usr/bin/env python3
"""Tries compose files of other people: `corpus.py plan|deploy|report FOLDER [PROJECT...]`.

FOLDER has a folder for each project, as it is cloned, and `manifest.tsv`: project, owner/name, path of the compose file, and further
paths beside it; options for build.sh may follow a path `--`. Results go to FOLDER/plan.json and FOLDER/deploy.json.

plan    a dry run of the file as it is. What a user is told to do first, such as `cp .env.example .env`, must be done before.
deploy  with stand-in images: deploy, upgrade, a version that exits, rollback, under requests to one port. All that was made is removed.
report  a Markdown table of both.
"""
import http.client, json, os, pathlib, re, shlex, socket, subprocess, sys, threading, time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TOOLS = """curl wget nc ncat pg_isready psql redis-cli valkey-cli mysqladmin mysql mariadb-admin mariadb healthcheck.sh mongo mongosh
    rabbitmq-diagnostics rabbitmqctl clickhouse-client cqlsh kafka-topics nodetool nginx supervisorctl pgrep ps jq netstat ss dig nslookup
    lsof healthcheck docker-healthcheck gosu su-exec""".split()


SHELLS = {"sh", "bash", "ash", "/bin/sh", "/bin/bash", "CMD-SHELL"}


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=options.pop("timeout", 300), **options)


def build(*arguments):
    """build.sh, or with RECYCLIC_BUILD a published build.dll, which need not be asked whether it is up to date."""
    dll = os.environ.get("RECYCLIC_BUILD")
    start = ["dotnet", dll, "--root", str(ROOT)] if dll else ["bash", str(ROOT / "build.sh")]
    result = run(*start, *arguments, "--no-setup", "--no-logo", cwd=ROOT)
    result.text = result.stdout + result.stderr
    return result


class Project:
    def __init__(self, folder, line):
        self.name, self.repository, *rest = line.rstrip("\n").split("\t")
        self.paths, self.options = (rest[: rest.index("--")], rest[rest.index("--") + 1 :]) if "--" in rest else (rest, [])
        base = folder / self.name / os.path.dirname(self.paths[0])
        self.files = [folder / self.name / self.paths[0], *(base / path for path in self.paths[1:])]
        self.log = folder / self.name / ".corpus.log"
        self.app = ("zc-" + self.name)[:40]

    def arguments(self):
        return [part for file in self.files for part in ("--compose-file", str(file))] + self.options

    def config(self, app, tag=None):
        command = ["docker", "compose", "-p", app, *(part for file in self.files for part in ("-f", str(file)))]
        command += [part for option, value in zip(self.options, self.options[1:]) if option == "--compose-profile" for part in ("--profile", value)]
        result = run(*command, "config", "--format", "json", cwd=self.files[0].parent, env={**os.environ, **({"TAG": tag} if tag else {})})
        if result.returncode:
            raise SystemExit(f"{self.name}: compose itself refuses it: {result.stderr.strip().splitlines()[-1]}")
        return json.loads(result.stdout)


def words(value):
    return value if isinstance(value, list) else shlex.split(value or "")


def needs(config):
    """What a stand-in for all images of a file listens on, is called as, and ends as."""
    services = config["services"]
    conditions = [(name, how.get("condition")) for service in services.values() for name, how in (service.get("depends_on") or {}).items()]
    waited = {name for name, condition in conditions if condition == "service_completed_successfully"}
    ports, tools, once = {80, 3000, 5432, 6379, 8080}, set(TOOLS), []
    for name, service in services.items():
        test = words((service.get("healthcheck") or {}).get("test"))
        entrypoint, command = words(service.get("entrypoint")), words(service.get("command"))
        ports |= {int(port["target"]) for port in service.get("ports") or [] if port.get("protocol", "tcp") == "tcp"}
        ports |= {int(port) for port in re.findall(r"(?:^|\s)(\d+)", " ".join(map(str, service.get("expose") or [])))}
        ports |= {int(port) for port in re.findall(r":(\d{2,5})\b", json.dumps(service))}
        tools |= set(entrypoint[:1] + (test[1:2] if test[:1] == ["CMD"] else []))
        for line in (entrypoint + command, test):
            if set(line) & SHELLS:
                tools |= {word for word in re.findall(r"(?<![\w./-])[A-Za-z/.][\w./-]*", " ".join(line)) if "/" not in word or word.endswith(".sh")}
        if name in waited or service.get("restart") == "no" and not service.get("ports") and not test:
            once.append(" ".join(entrypoint + command if entrypoint else ["image"] + command))
    return sorted(port for port in ports if 19 < port < 65536), sorted(tool for tool in tools if re.fullmatch(r"[\w./+-]+", tool)), once


def make_image(config, name, version, broken=""):
    ports, tools, once = needs(config)
    users = {str(service.get("user", "")).split(":")[0] for service in config["services"].values()}
    users = sorted(user for user in users if re.fullmatch(r"[a-z][a-z0-9_-]*", user))
    values = {
        "TOOLS": " ".join(tools), "USERS": " ".join(users), "PORTS": ",".join(map(str, ports)), "ONCE": "\n".join(once).encode().hex(),
        "VERSION": version, "BREAK": broken,
    }
    arguments = [part for key, value in values.items() for part in ("--build-arg", f"{key}={value}")]
    result = run("docker", "build", "--quiet", "--tag", name, *arguments, str(HERE / "standin"))
    if result.returncode:
        raise SystemExit(result.stderr)


class Load:
    """Some 40 requests a second to one port, each on a connection of its own."""

    def __init__(self, port, is_http):
        self.port, self.is_http, self.good, self.bad, self.versions, self.over = port, is_http, 0, [], [], threading.Event()

    def ask(self):
        if not self.is_http:
            with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
                connection.settimeout(8)
                connection.sendall(b"hello\n")
                return connection.recv(200).decode().split()[0]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=8)
        try:
            connection.request("GET", "/")
            answer = connection.getresponse()
            text = answer.read().decode()
            if answer.status != 200:
                raise OSError(f"status {answer.status}")
            return text.split()[0]
        finally:
            connection.close()

    def go_on(self):
        while not self.over.wait(0.02):
            try:
                version = self.ask()
                self.good += 1
                if self.versions[-1:] != [version]:
                    self.versions.append(version)
            except Exception as error:
                self.bad.append(f"{type(error).__name__}: {error}")

    def __enter__(self):
        self.thread = threading.Thread(target=self.go_on)
        self.thread.start()
        time.sleep(0.5)
        return self

    def __exit__(self, *_):
        time.sleep(0.5)
        self.over.set()
        self.thread.join()


def things(app):
    """Containers, networks and volumes of an application, and of its slots."""
    found = []
    for kind in ("container", "network", "volume"):
        listed = run("docker", kind, "ls", *(["--all"] if kind == "container" else []), "--format", "{{json .}}").stdout.splitlines()
        for thing in map(json.loads, listed):
            name, labels = thing.get("Names") or thing["Name"], dict(label.split("=", 1) for label in thing.get("Labels", "").split(",") if "=" in label)
            owners = (labels.get("recyclic.app", ""), labels.get("com.docker.compose.project", "").split("--")[0])
            if app in owners or re.match(rf"(zz\.)?{re.escape(app)}[-_.]", name):
                found.append((kind, name))
    return found


def remove(app):
    for kind, name in things(app):
        run("docker", kind, "rm", *(["--force"] if kind != "network" else []), name)


def deploy(project):
    result, made, outside = {}, set(), []
    with open(project.log, "w") as log:

        def go(target, *arguments):
            outcome = build(target, *project.arguments(), "--project", project.app, *arguments)
            log.write(f"$ {target} {' '.join(arguments)}: {outcome.returncode}\n{outcome.text}\n")
            return outcome

        def tag(version, names):
            for name in set(names) - made:
                if run("docker", "image", "inspect", name).returncode == 0:
                    raise SystemExit(f"{project.name}: {name} is an image of this engine, and would be replaced and then removed: try it elsewhere, or rename that image first")
            for name in names:
                if run("docker", "tag", f"recyclic-corpus/{project.name}:{version}", name).returncode == 0:
                    made.add(name)

        def failed(outcome):
            return {**result, "failed": outcome.text[-3000:]}

        try:
            config = project.config(project.app, "r1")
            for version, broken in (("v1", ""), ("v2", ""), ("broken", "exit")):
                make_image(config, f"recyclic-corpus/{project.name}:{version}", version, broken)
                made.add(f"recyclic-corpus/{project.name}:{version}")
            services = config["services"]
            tag("v1", [service.get("image") or f"{project.app}-{name}" for name, service in services.items()])
            tag("v1", [f"{project.app}-{name}:r1" for name, service in services.items() if not service.get("image")])
            for kind in ("volume", "network"):
                for thing in (config.get(kind + "s") or {}).values():
                    if not thing or not thing.get("external") or run("docker", kind, "inspect", thing["name"]).returncode == 0:
                        continue
                    if run("docker", kind, "create", thing["name"]).returncode == 0:
                        outside.append((kind, thing["name"]))
            before = things(project.app)
            dry = go("AtomicDeploy", "--tag", "r1", "--dry-run")
            result["clean"] = things(project.app) == before
            if dry.returncode:
                return failed(dry)
            said = re.search(r"released: ([^;\n]*)", dry.text)
            released = {name.strip() for name in said.group(1).split(",")} | {name for name in re.findall(r"run (\S+) once in", dry.text)}
            ports = [(int(port), service, mode) for port, service, mode in re.findall(r"(\d+) to (\S+?):\d+ (http|tcp|auto)", dry.text)]
            stop_first = set(re.findall(r"(\S+) is stop-first", dry.text)) | set(re.findall(r"(\S+) publishes \S+ by its container itself", dry.text))
            ports.sort(key=lambda port: port[1] in stop_first)
            result.update(released=len(released), stop_first=len(stop_first & released), start_first=bool(ports) and ports[0][1] not in stop_first, requests=[])

            def under_load(target, *arguments):
                if not ports:
                    return go(target, *arguments)
                with Load(ports[0][0], ports[0][2] != "tcp") as load:
                    outcome = go(target, *arguments)
                result["requests"].append((load.good + len(load.bad), len(load.bad), load.versions, load.bad[:2]))
                return outcome

            limits = ("--watch", "0", "--deploy-timeout", "60", "--drain-timeout", "5")
            first = go("AtomicDeploy", "--tag", "r1", *limits)
            if first.returncode:
                return failed(first)
            for release, version, code in (("r2", "v2", 0), ("r3", "broken", 1)):
                services = project.config(project.app, release)["services"]
                tag(version, [services[name].get("image") or f"{project.app}-{name}:{release}" for name in released if name in services])
                outcome = under_load("AtomicDeploy", "--tag", release, *limits)
                if outcome.returncode != code:
                    return failed(outcome)
            back = under_load("Rollback", "--yes", "--drain-timeout", "5")
            return failed(back) if back.returncode else {**result, "done": True}
        finally:
            remove(project.app)
            for kind, name in outside:
                run("docker", kind, "rm", name)
            for name in sorted(made):
                run("docker", "image", "rm", "--force", name)


def plan(project):
    outcome = build("AtomicDeploy", *project.arguments(), "--dry-run")
    project.log.with_suffix(".plan").write_text(outcome.text)
    said = re.search(r"released: (?P<released>[^;\n]*)(; accessories: (?P<accessories>[^;\n(]*))?", outcome.text)
    accessories = [name for name in (said and said["accessories"] or "").split(",") if name.strip() not in ("", "none")]
    traits = [
        said and f"{len(said['released'].split(','))} released, {len(accessories)} accessories",
        *(words for sign, words in SIGNS if re.search(sign, outcome.text)),
    ]
    why = re.search(r"refused, nothing was touched: (.*(?:\n.*)?)", outcome.text)
    return {"code": outcome.returncode, "traits": [trait for trait in traits if trait], "why": why and why.group(1)}


SIGNS = (
    ("; one-off: ", "one-off"),
    ("is stop-first", "stop-first"),
    ("by its container itself", "UDP"),
    ("is on the host's network", "host network"),
    ("on a random port of the host", "ports without a number"),
    (r" tcp \(", "TCP ports"),
    ("weak gate", "weak gate"),
    ("not set counts? as empty", "unset variables"),
    ("Docker creates it as an empty folder", "folders made"),
)


def report(folder, projects):
    plans, deploys = (json.loads((folder / f"{name}.json").read_text()) if (folder / f"{name}.json").exists() else {} for name in ("plan", "deploy"))
    counts = dict.fromkeys(("plans", "deployed", "refused"), 0)
    requests = [0, 0]
    for project in sorted(projects, key=lambda project: project.name):
        planned, deployed = plans.get(project.name, {}), deploys.get(project.name, {})
        notes = planned.get("traits", []) if planned.get("code") == 0 else [(planned.get("why") or "").splitlines()[0] if planned.get("why") else ""]
        outcome = "deployed, upgraded, broken, rolled back" if deployed.get("done") else "plans" if planned.get("code") == 0 else "refused"
        counts["deployed" if deployed.get("done") else outcome] += 1
        if deployed.get("done") and deployed["start_first"]:
            asked, bad = (sum(each[index] for each in deployed["requests"]) for index in (0, 1))
            requests = [requests[0] + asked, requests[1] + bad]
            notes = [*notes, f"{bad} of {asked} requests failed"]
        path = " + ".join([project.paths[0], *project.paths[1:], *project.options])
        print(f"| {project.name} | `{project.repository}: {path}` | {outcome} | {', '.join(notes)} |")
    print(counts, f"{requests[1]} of {requests[0]} requests failed", file=sys.stderr)


def main(verb, folder, *names):
    folder = pathlib.Path(folder).resolve()
    projects = [Project(folder, line) for line in (folder / "manifest.tsv").read_text().splitlines() if line]
    projects = [project for project in projects if not names or project.name in names]
    if verb == "report":
        return report(folder, projects)
    results = folder / f"{verb}.json"
    for project in projects:
        began = time.time()
        try:
            outcome = {"plan": plan, "deploy": deploy}[verb](project)
        except (SystemExit, subprocess.TimeoutExpired, KeyError, ValueError) as error:
            outcome = {"code": -1, "why": str(error)}
        known = json.loads(results.read_text()) if results.exists() else {}
        results.write_text(json.dumps({**known, project.name: outcome}, indent=1))
        print(f"{project.name} {time.time() - began:.0f} s {json.dumps(outcome)[:600]}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("plan", "deploy", "report"):
        sys.exit(__doc__)
    main(*sys.argv[1:])
