using Millrace.Streams.Events;
using Millrace.Testing;

namespace Millrace.EndToEnd.Compose;

/// <summary>What docker-compose.yml promises, read from the file: no engine needed.</summary>
public sealed class ComposeFileTests
{
    public static TheoryData<string> Services => [.. ComposeFile.Services.Keys];

    static string Dockerfile { get; } = File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile"));

    [Fact]
    public void The_services_have_the_names_people_know() =>
        Assert.Equal(["kafka", "clickhouse-server", "setup", "event-emitter", "page"], ComposeFile.Services.Keys);

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_image_is_ours_or_pinned_in_dot_env(string service)
    {
        var (image, build) = (ComposeFile.Services[service].Image, ComposeFile.Services[service].Build);
        if (build is not null)
        {
            Assert.Equal("millrace:local", image);
            return;
        }
        var resolved = Assert.Single(DotEnv.VariablesOf(image)) is { } name ? $"${{{name}}}" : image;
        Assert.Matches("^[^:]+(/[^:]+)?:[0-9]+(\\.[0-9]+){2,3}$", DotEnv.Resolve(resolved));
    }

    [Fact]
    public void The_images_that_ours_is_built_from_are_pinned_in_dot_env_and_the_same_without_compose()
    {
        Assert.Contains($"ARG SDK_IMAGE={DotEnv.Settings["DOTNET_SDK_IMAGE"].Value}\n", Dockerfile, StringComparison.Ordinal);
        Assert.Contains($"ARG RUNTIME_IMAGE={DotEnv.Settings["DOTNET_RUNTIME_IMAGE"].Value}\n", Dockerfile, StringComparison.Ordinal);
        var images = DotEnv.Settings.Where(setting => setting.Key.EndsWith("_IMAGE", StringComparison.Ordinal));
        Assert.All(images, setting => Assert.Matches(":[0-9]+\\.[0-9]", setting.Value.Value));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_published_port_is_on_the_loopback_address(string service) =>
        Assert.All(ComposeFile.Services[service].Ports, port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));

    [Fact]
    public void The_ports_are_those_people_know() =>
        Assert.Equal(
            ["127.0.0.1:9092:9092", "127.0.0.1:8123:8123", "127.0.0.1:9000:9000", "127.0.0.1:8080:8080"],
            ComposeFile.Services.Values.SelectMany(service => service.Ports));

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_service_that_stays_has_a_health_check_and_one_that_ends_is_ready_when_it_ends(string service)
    {
        var check = ComposeFile.Services[service].HealthCheck;
        if (service == "setup") Assert.Equal("true", check["disable"]);
        else Assert.All(["test", "interval", "timeout", "retries", "start_period"], part => Assert.True(check.ContainsKey(part), part));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_service_is_restarted_and_bounded_in_memory_and_in_its_log(string service)
    {
        var definition = ComposeFile.Services[service];
        Assert.Equal(service == "setup" ? "on-failure:3" : "unless-stopped", definition.Restart);
        Assert.Matches("^[0-9]+[mg]$", DotEnv.Resolve(definition.MemoryLimit));
        Assert.Equal(["max-file", "max-size"], definition.Logging.Options.Keys.Order());
    }

    [Fact]
    public void Every_variable_is_set_and_explained_in_dot_env_and_every_setting_there_is_used()
    {
        Assert.Equal(DotEnv.VariablesOf(ComposeFile.Text).Order(), DotEnv.Settings.Keys.Order());
        Assert.All(DotEnv.Settings, setting => Assert.True(setting.Value.Comment.Length > 0, $"{setting.Key} is not explained"));
    }

    [Theory]
    [InlineData("MESSAGES_PER_SECOND")]
    [InlineData("EMITTER_RATE_PROFILE")]
    [InlineData("EMITTER_LATE")]
    [InlineData("EMITTER_DUPLICATES")]
    [InlineData("EMITTER_MALFORMED")]
    [InlineData("EMITTER_HOT_KEY")]
    [InlineData("PRODUCER_ACKS")]
    [InlineData("PRODUCER_BATCH_SIZE")]
    [InlineData("PRODUCER_LINGER_MS")]
    [InlineData("PRODUCER_COMPRESSION")]
    public void The_emitter_gets_its_settings(string variable) =>
        Assert.Equal($"${{{variable}}}", ComposeFile.Services["event-emitter"].Environment[variable]);

    [Fact]
    public void The_emitter_of_dot_env_is_the_emitter_of_up() =>
        Assert.Equal(new EmitterOptions(), EmitterOptions.FromEnvironment(name => DotEnv.Settings.TryGetValue(name, out var setting) ? setting.Value : null));

    [Fact]
    public void Every_file_that_is_mounted_is_there()
    {
        var mounted = ComposeFile.Services.Values.SelectMany(service => service.Volumes)
            .Where(volume => volume.StartsWith("./", StringComparison.Ordinal)).Select(volume => volume.Split(':')[0]);
        Assert.All(mounted, path => Assert.True(File.Exists(Path.Combine(Repository.Root, path)), path));
    }

    [Fact]
    public void Docker_compose_1_29_would_not_take_a_name_at_the_top() => Assert.DoesNotMatch("(?m)^(name|version):", ComposeFile.Text);
}
