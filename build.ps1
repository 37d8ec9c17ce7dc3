# Runs the build project; publishes it first when its inputs have changed. Keep in step with build.sh.
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$cache = Join-Path $root '.nuke/temp/build'

$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'

function Write-ErrorLine([string] $text) { [Console]::Error.WriteLine($text) }

function Find-Sdk {
    $command = Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($command) { return $command.Source }
    $name = if ([Environment]::OSVersion.Platform -eq 'Win32NT') { 'dotnet.exe' } else { 'dotnet' }
    foreach ($directory in @($env:DOTNET_ROOT, (Join-Path $HOME '.dotnet'))) {
        if ($directory -and (Test-Path -LiteralPath (Join-Path $directory $name))) {
            $env:DOTNET_ROOT = $directory
            return Join-Path $directory $name
        }
    }
    Write-ErrorLine 'error: the .NET SDK was not found: not on PATH, not in $DOTNET_ROOT, not in ~/.dotnet.'
    Write-ErrorLine 'Get version 10 from https://dotnet.microsoft.com/download and try again.'
    exit 2
}

# What decides how the build project comes out.
function Get-InputFiles {
    $files = @(Get-ChildItem -LiteralPath $root -File | Where-Object { $_.Name -match '^(Directory\..*\.props|global\.json|nuget\.config|build\.ps1)$' })
    $directories = [Collections.Generic.Stack[IO.DirectoryInfo]]::new()
    $directories.Push([IO.DirectoryInfo]::new((Join-Path $root 'build')))
    # src is an input of a build that refers to projects there, not of one beside whose directory there is an application.
    $projects = Get-ChildItem -LiteralPath (Join-Path $root 'build') -File | Where-Object { $_.Extension -in '.csproj', '.props', '.targets' }
    if ((Test-Path -LiteralPath (Join-Path $root 'src')) -and ($projects | Where-Object { [IO.File]::ReadAllText($_.FullName) -match '\.\.[\\/]src[\\/]' })) {
        $directories.Push([IO.DirectoryInfo]::new((Join-Path $root 'src')))
    }
    while ($directories.Count -gt 0) {
        $directory = $directories.Pop()
        $files += $directory.GetFiles()
        $directory.GetDirectories() | Where-Object { $_.Name -notin 'bin', 'obj' } | ForEach-Object { $directories.Push($_) }
    }
    return $files
}

# Every input with its time of change: a new, deleted or changed file changes the list.
function Get-Inputs { return ((Get-InputFiles | ForEach-Object { "$($_.FullName) $($_.LastWriteTimeUtc.Ticks)" }) -join "`n") }

# Every file with its content, by names below the root.
function Get-Hashes([IO.FileInfo[]] $files) {
    $lines = [string[]] ($files | ForEach-Object { "$($_.FullName.Substring($root.Length + 1).Replace('\', '/')) $((Get-FileHash -LiteralPath $_.FullName -Algorithm SHA256).Hash)" })
    [Array]::Sort($lines, [StringComparer]::Ordinal)
    return $lines -join "`n"
}

function Get-PublishHashes([string] $directory) { return Get-Hashes ([IO.DirectoryInfo]::new($directory).GetFiles('*', 'AllDirectories')) }

function Get-InputHashes { return "$([Environment]::OSVersion.Platform) $([Runtime.InteropServices.RuntimeInformation]::OSArchitecture)`n$(Get-Hashes (Get-InputFiles))" }

# What is started: the build project's program, whatever its name is; nothing when there is none.
function Find-Entry([string] $directory) {
    $entry = Join-Path $directory 'build.dll'
    if (Test-Path -LiteralPath $entry) { return $entry }
    if (-not (Test-Path -LiteralPath $directory)) { return $null }
    $settings = Get-ChildItem -LiteralPath $directory -File -Filter '*.runtimeconfig.json' | Select-Object -First 1
    if (-not $settings) { return $null }
    $entry = $settings.FullName -replace '\.runtimeconfig\.json$', '.dll'
    if (Test-Path -LiteralPath $entry) { return $entry }
    return $null
}

# The directory of the current publish, or nothing when there is none or its inputs have changed.
function Get-Current {
    $pointer = Join-Path $cache 'current'
    if (-not (Test-Path -LiteralPath $pointer)) { return $null }
    $current = Join-Path $cache ([IO.File]::ReadAllText($pointer).Trim())
    if (-not (Find-Entry $current) -or -not (Test-Path -LiteralPath "$current.ps1-inputs")) { return $null }
    if ([IO.File]::ReadAllText("$current.ps1-inputs") -ne (Get-Inputs)) { return $null }
    return $current
}

# A publish of the very same content holds, whatever the times of change say: the repository is a fresh clone and the publish
# was brought here, or another branch was checked out and left again.
function Find-Same {
    $records = @(Get-ChildItem -LiteralPath $cache -File -Filter '*.ps1-content')
    if ($records.Count -eq 0) { return $null }
    # Listed before they are read, so that a file changed meanwhile counts as changed afterwards.
    $inputs = Get-Inputs
    $content = Get-InputHashes
    foreach ($record in $records) {
        $directory = Join-Path $cache $record.BaseName
        $recorded = [IO.File]::ReadAllText($record.FullName)
        if ($recorded.StartsWith("$content`n`n", [StringComparison]::Ordinal) -and (Test-Path -LiteralPath $directory) -and $recorded -eq "$content`n`n$(Get-PublishHashes $directory)") {
            [IO.File]::WriteAllText("$directory.ps1-inputs", $inputs)
            Set-Current $record.BaseName
            return $directory
        }
    }
    return $null
}

function Set-Current([string] $name) {
    [IO.File]::WriteAllText((Join-Path $cache "$name.current"), $name)
    Move-Item -LiteralPath (Join-Path $cache "$name.current") -Destination (Join-Path $cache 'current') -Force
}

# One compiler for all projects, started once, takes a third less time than one for each; it ends with the publish.
function Invoke-Publish([string] $directory, [string[]] $more) {
    Push-Location -LiteralPath $root
    $compiler = "recyclic-$PID-$(Get-Random)"
    $profiling = $env:DOTNET_TieredPGO
    try {
        $ErrorActionPreference = 'Continue'
        # Profiling the compiler to optimise it pays off only in longer runs.
        $env:DOTNET_TieredPGO = '0'
        & $dotnet publish build/_build.csproj -c Release -o $directory --artifacts-path (Join-Path $root '.nuke/temp/artifacts') --nologo `
            -v:quiet -clp:NoSummary -nodeReuse:false -p:UseSharedCompilation=true "-p:SharedCompilationId=$compiler" -p:RunAnalyzers=false `
            -p:GenerateDocumentationFile=false @more 2>&1 | Out-String
        $exitCode = $LASTEXITCODE
    }
    finally {
        Stop-Compiler $compiler
        $env:DOTNET_TieredPGO = $profiling
        Pop-Location
    }
    $global:LASTEXITCODE = $exitCode
}

function Stop-Compiler([string] $compiler) {
    $env:DOTNET_CLI_UI_LANGUAGE, $language = 'en', $env:DOTNET_CLI_UI_LANGUAGE
    try {
        $base = & $dotnet --info | Select-String '^\s*Base Path:\s*(.+?)\s*$' | Select-Object -First 1
        if ($base) { & $dotnet (Join-Path $base.Matches[0].Groups[1].Value 'Roslyn/bincore/VBCSCompiler.dll') "-pipename:$compiler" -shutdown 2>&1 | Out-Null }
    }
    finally { $env:DOTNET_CLI_UI_LANGUAGE = $language }
}

# A publish goes to a directory of its own and becomes the current one only when it has succeeded; earlier ones stay for
# a while, because a build that runs may still load from there.
function Publish-New {
    $name = '{0:yyyyMMddHHmmss}-{1}' -f [DateTime]::UtcNow, $PID
    $new = Join-Path $cache $name
    $inputs = Get-Inputs
    $content = Get-InputHashes
    Write-ErrorLine 'Building the build project first, because it is new or has changed; this takes about a minute.'
    $isBuilt = $false
    try {
        $log = Invoke-Publish $new @()
        if ($LASTEXITCODE -ne 0 -and $log -match 'crossgen|NETSDK1094|NETSDK1112|NU110[0-3]') { $log = Invoke-Publish $new @('-p:PublishReadyToRun=false') }
        if ($LASTEXITCODE -ne 0) {
            Write-ErrorLine $log
            Write-ErrorLine 'error: the build project does not build'
            $script:exitCode = 1
            exit 1
        }
        $isBuilt = $true
    }
    finally {
        if (-not $isBuilt -and [IO.Directory]::Exists($new)) { [IO.Directory]::Delete($new, $true) }
    }
    # The first publish leaves lock files of packages among its inputs. Where nothing else has come or changed meanwhile, they are its own.
    $now = Get-Inputs
    if ($now -ne $inputs -and (@($now -split "`n" | Where-Object { $_ -notmatch 'packages\.lock\.json \d+$' }) -join "`n") -eq $inputs) {
        $inputs = $now
        $content = Get-InputHashes
    }
    [IO.File]::WriteAllText("$new.ps1-inputs", $inputs)
    [IO.File]::WriteAllText("$new.ps1-content", "$content`n`n$(Get-PublishHashes $new)")
    Set-Current $name
    Get-ChildItem -LiteralPath $cache -Directory | Sort-Object Name -Descending | Select-Object -Skip 4 | ForEach-Object {
        Remove-Item -LiteralPath $_.FullName, "$($_.FullName).ps1-inputs", "$($_.FullName).ps1-content", "$($_.FullName).inputs", "$($_.FullName).content" -Recurse -Force -ErrorAction SilentlyContinue
    }
    return $new
}

$dotnet = Find-Sdk

# Completion answers while somebody types: it asks the build that is there, up to date or not, and never makes one.
if ($args.Count -gt 0 -and $args[0] -eq ':complete') {
    $pointer = Join-Path $cache 'current'
    if (-not (Test-Path -LiteralPath $pointer)) { exit 1 }
    $entry = Find-Entry (Join-Path $cache ([IO.File]::ReadAllText($pointer).Trim()))
    if (-not $entry) { exit 1 }
    & $dotnet $entry @args
    exit $LASTEXITCODE
}

# Ctrl-C stops a script where it is, and a PowerShell that was started for the script would then exit with 0.
$exitCode = $null
$isRunning = $false
try {
    $current = Get-Current
    if (-not $current) {
        New-Item -ItemType Directory -Path $cache -Force | Out-Null
        $lock = $null
        $until = [DateTime]::UtcNow.AddMinutes(10)
        while (-not $lock) {
            try { $lock = [IO.File]::Open((Join-Path $cache 'lock'), 'OpenOrCreate', 'ReadWrite', 'None') }
            catch [IO.IOException] {
                if ([DateTime]::UtcNow -gt $until) {
                    Write-ErrorLine "error: another start has been building the build project for 10 minutes; end it, or see what holds $(Join-Path $cache 'lock')"
                    $exitCode = 1
                    exit 1
                }
                Start-Sleep -Milliseconds 200
            }
        }
        try {
            $current = Get-Current
            if (-not $current) { $current = Find-Same }
            if (-not $current) { $current = Publish-New }
        }
        finally { $lock.Dispose() }
    }
    $entry = Find-Entry $current
    if (-not $entry) {
        Write-ErrorLine 'error: build/_build.csproj makes no program: it needs <OutputType>Exe</OutputType>'
        exit 1
    }
    $isRunning = $true
    $global:LASTEXITCODE = 130
    & $dotnet $entry @args
    $exitCode = $LASTEXITCODE
}
catch {
    $exitCode = 1
    throw
}
finally {
    if ($null -eq $exitCode) {
        if (-not $isRunning) { Write-ErrorLine 'Cancelled while the build project was being built; nothing was run.' }
        $isOnlyProgram = [Environment]::GetCommandLineArgs() -match 'build\.ps1$'
        if ($isOnlyProgram) { [Environment]::Exit($(if ($isRunning) { $LASTEXITCODE } else { 130 })) }
    }
}
exit $exitCode
