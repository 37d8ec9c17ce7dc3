using Recyclic.Build.CommandLine;

namespace Recyclic.Build.Completion;

/// <summary>What a shell is to read so that it asks <c>build.sh :complete</c>.</summary>
internal static class CompletionScripts
{
    public static readonly IReadOnlyList<string> Shells = ["bash", "zsh", "fish", "powershell"];

    /// <summary>The script, or a mistake.</summary>
    public static (string? Script, string? Mistake) For(IReadOnlyList<string> shells) =>
        shells switch
        {
            ["bash"] => (Bash, null),
            ["zsh"] => (Zsh, null),
            ["fish"] => (Fish, null),
            ["powershell" or "pwsh"] => (PowerShell, null),
            [var other] => (
                null,
                $"there is no completion for {other}, only for {string.Join(", ", Shells)}{Suggestion.For(other, Shells)}"
            ),
            _ => (null, $":completion needs one shell: {string.Join(", ", Shells)}"),
        };

    private const string Bash = """
        # Completion of ./build.sh for bash. Once: source <(./build.sh :completion bash)
        _recyclic_build() {
          local program="${COMP_WORDS[0]/#\~/$HOME}" line="${COMP_LINE:0:COMP_POINT}" prefix="" candidate
          # Where bash splits words at '=' it wants what follows only.
          local word="${line##*[[:space:]]}"
          if [[ "$word" == -*=* && "$COMP_WORDBREAKS" == *=* ]]; then prefix="${word%%=*}="; fi
          COMPREPLY=()
          while IFS= read -r candidate; do
            COMPREPLY+=("${candidate#"$prefix"}")
          done < <("$program" :complete "$line" 2>/dev/null </dev/null)
        }
        complete -o default -F _recyclic_build build.sh
        """;

    private const string Zsh = """
        # Completion of ./build.sh for zsh. Once: source <(./build.sh :completion zsh)
        _recyclic_build() {
          local -a candidates
          local line="${(j: :)words[1,CURRENT]}"
          candidates=("${(@f)$(${~words[1]} :complete "$line" 2>/dev/null </dev/null)}")
          candidates=(${candidates:#})
          if (( $#candidates )); then compadd -- "${candidates[@]}"; else _files; fi
        }
        compdef _recyclic_build build.sh ./build.sh
        """;

    private const string Fish = """
        # Completion of ./build.sh for fish. Once: ./build.sh :completion fish | source
        function __recyclic_build
            set -l words (commandline -opc)
            set -l candidates ($words[1] :complete (commandline -cp | string collect) 2>/dev/null </dev/null)
            if test (count $candidates) -gt 0
                printf '%s\n' $candidates
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c build.sh -f -a '(__recyclic_build)'
        """;

    private const string PowerShell = """
        # Completion of build.ps1 for PowerShell. Once: ./build.ps1 :completion powershell | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName 'build.ps1', 'build', 'build.sh' -ScriptBlock {
            param($word, $ast, $position)
            $program = $ast.CommandElements[0].ToString()
            $line = $ast.ToString()
            if ($position -gt $line.Length) { $line += ' ' } else { $line = $line.Substring(0, $position) }
            & $program ':complete' $line 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;
}
