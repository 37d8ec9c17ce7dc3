#!/usr/bin/env bash
# Makes a directory with a build of its own that has so many targets, beside Nop, and with `hello.dll` to compare it to.
# Usage: generate.sh DIRECTORY [TARGETS]; the libraries are taken from the repository that this script lies in.
set -euo pipefail

directory="${1:?usage: generate.sh DIRECTORY [TARGETS]}"
targets="${2:-500}"
repository="$(cd -- "${BASH_SOURCE[0]%/*}/../.." && pwd -P)"

mkdir -p "$directory/.nuke" "$directory/build" "$directory/hello"
cp "$repository"/build.sh "$repository"/build.ps1 "$repository"/Directory.*.props "$directory/"
[ ! -e "$repository/global.json" ] || cp "$repository/global.json" "$directory/"
sed -e "s|\.\./src/|$repository/src/|" -e '/Recyclic\.Components/d' "$repository/build/_build.csproj" >"$directory/build/_build.csproj"

{
  cat <<'CODE'
using Recyclic.Build;

class Build : RecyclicBuild
{
    public static int Main() => Execute<Build>(x => x.Nop);

    [Parameter("A value to print")] string? Greeting { get; set; }

    Target Nop => _ => _.Description("Does nothing").Executes(() => WriteLine(Greeting ?? ""));

CODE
  for number in $(seq 1 "$targets"); do
    dependency=""
    if [ "$number" -gt 1 ]; then dependency=".DependsOn(Step$((number / 2)))"; fi
    echo "    Target Step$number => _ => _.Description(\"Step number $number\")$dependency.Executes(() => { });"
  done
  echo "}"
} >"$directory/build/Build.cs"

cat >"$directory/hello/hello.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <RestorePackagesWithLockFile>false</RestorePackagesWithLockFile>
  </PropertyGroup>
</Project>
PROJECT
echo 'System.Console.WriteLine("hello");' >"$directory/hello/Program.cs"
