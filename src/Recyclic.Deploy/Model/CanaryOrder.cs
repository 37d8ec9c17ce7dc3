namespace Recyclic.Deploy.Model;

/// <summary>What a person wants of a canary that is at work. The names stand in journals.</summary>
public enum CanaryWord
{
    /// <summary>The next share, though the time of this one is not over.</summary>
    Promote,

    /// <summary>All traffic, one share right after the other.</summary>
    PromoteFully,

    /// <summary>This share stays, until another word or the limit.</summary>
    Hold,

    /// <summary>Everybody goes back.</summary>
    Abort,
}

/// <summary>A word and who said it.</summary>
/// <param name="Word">What is wanted.</param>
/// <param name="By">The person or the CI run, as they named themselves.</param>
public sealed record CanaryOrder(CanaryWord Word, string By);
