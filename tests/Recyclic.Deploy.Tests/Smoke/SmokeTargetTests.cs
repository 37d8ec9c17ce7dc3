using Recyclic.Deploy.Smoke;

namespace Recyclic.Deploy.Tests.Smoke;

/// <summary>Whom a request is for. Pure.</summary>
internal sealed class SmokeTargetTests
{
    [Test]
    public void The_only_service_that_publishes_a_port_is_meant()
    {
        var (target, _) = SmokeTarget.Of(new HttpTest("/health"), Given.Shop);
        (target!.Service, target.Port).ShouldBe(("api", 8000));
    }

    [Test]
    public void Of_two_one_has_to_be_named()
    {
        SmokeTarget.Of(new HttpTest("/health"), Given.Store).Why!.ShouldContain("say which, by .At(");
        SmokeTarget.Of(new HttpTest("/health").At("web"), Given.Store).Target!.Port.ShouldBe(80);
        SmokeTarget.Of(new HttpTest("/health").Port(8000), Given.Store).Target!.Service.ShouldBe("api");
    }

    [Test]
    public void A_service_that_is_not_there_is_named_with_those_that_are() =>
        SmokeTarget
            .Of(new HttpTest("/").At("apy"), Given.Store)
            .Why.ShouldBe("there is no release service apy; there are api, web, bot");

    [Test]
    public void A_service_without_a_published_port_is_asked_in_its_containers()
    {
        SmokeTarget.Of(new HttpTest("/").At("bot"), Given.Store).Why!.ShouldContain(".Port(…)");
        var (target, _) = SmokeTarget.Of(new HttpTest("/").At("bot").Port(9000), Given.Store);
        (target!.Service, target.Port, target.Route).ShouldBe(("bot", 9000, null));
    }

    [Test]
    public void A_container_is_told_who_asked_as_the_edge_would_tell_it()
    {
        var (target, _) = SmokeTarget.Of(new HttpTest("/v/{tag}"), Given.Shop);
        var question = target!.Privately(new HttpTest("/v/{tag}").Host("shop.example").With("X-Key", "{tag}"), "v7");
        (question.Method, question.Path, question.Host).ShouldBe(("GET", "/v/v7", "shop.example"));
        question
            .Headers.Select(header => $"{header.Key}: {header.Value}")
            .ShouldBe([
                "X-Key: v7",
                "X-Forwarded-For: 127.0.0.1",
                "X-Forwarded-Host: shop.example",
                "X-Forwarded-Proto: http",
            ]);
        target.AtTheDoor(new HttpTest("/"), "v7").Headers.ShouldBeEmpty("there the edge itself says it");
    }
}
