using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace Recyclic.Sample.Frontend;

/// <summary>The one page, rendered on the server; it works without a script.</summary>
internal static class Page
{
    private static readonly string Style = Resource("page.css");
    private static readonly string Script = Resource("page.js");

    public static async Task WriteAsync(HttpContext context, Release release, Overview overview)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(12));
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        await context.Response.WriteAsync(
            Render(release, overview, nonce, context.Request.Query["error"]),
            context.RequestAborted
        );
    }

    public static string Render(Release release, Overview overview, string nonce, string? error) =>
        $"""
            <!doctype html>
            <html lang="en" data-version="{Html(release.Version)}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Recyclic sample · {Html(release.Version)}</title>
            <style nonce="{nonce}">{Style}</style>
            </head>
            <body>
            <main>
            <header>
              <p class="brand"><span aria-hidden="true">♻</span> Recyclic sample</p>
              <h1>Version <code id="version">{Html(release.Version)}</code></h1>
              <p>This page stays up while its own release is replaced.</p>
            </header>
            <dl class="pair">
              <div><dt>frontend</dt><dd>{Html(release.Version)}</dd></div>
              <div><dt>api</dt><dd id="api-version">{(
                overview.ApiVersion is { } api ? Html(api) : "<span class=\"bad\">no answer</span>"
            )}</dd></div>
            </dl>
            {Alert(error)}{Alert(overview.Error)}
            <section aria-labelledby="items">
              <h2 id="items">Items</h2>
              <form method="post" action="/items">
                <label for="name">New item</label>
                <input id="name" name="name" required maxlength="200" autocomplete="off">
                <button>Add</button>
              </form>
              {Items(overview.Items)}
            </section>
            <footer><p id="status" role="status" aria-live="polite"></p></footer>
            </main>
            <script nonce="{nonce}">{Script}</script>
            </body>
            </html>
            """;

    private static string Items(ItemList? list)
    {
        if (list is null)
            return "";
        if (list.Count == 0)
            return "<p class=\"quiet\">None yet.</p>";
        var html = new StringBuilder("<ul>");
        foreach (var item in list.Items)
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<li><span>{Html(item.Name)}</span> <small><time datetime=\"{item.At.UtcDateTime:O}\">{item.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC</time> by <code>{Html(item.Version)}</code></small></li>"
            );
        }
        html.Append(CultureInfo.InvariantCulture, $"</ul><p class=\"quiet\">{list.Count} in all");
        if (list.Reads is { } reads)
            html.Append(CultureInfo.InvariantCulture, $", list read {reads} times");
        return html.Append("</p>").ToString();
    }

    private static string Alert(string? text) =>
        string.IsNullOrEmpty(text) ? "" : $"<p class=\"alert\" role=\"alert\">{Html(text)}</p>";

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);

    private static string Resource(string name)
    {
        using var stream =
            typeof(Page).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
