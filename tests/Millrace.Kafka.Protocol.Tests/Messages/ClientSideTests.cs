using Millrace.Kafka.Protocol.Messages;
using Millrace.Kafka.Protocol.Tests.Golden;

namespace Millrace.Kafka.Protocol.Tests.Messages;

/// <summary>Requests as we send them and answers as we read them, beside what real clients sent and what the broker answers.</summary>
public sealed class ClientSideTests
{
    public static TheoryData<ApiKey, short> Versions()
    {
        var data = new TheoryData<ApiKey, short>();
        for (short version = 0; version <= 6; version++) data.Add(ApiKey.FindCoordinator, version);
        for (short version = 0; version <= 5; version++) data.Add(ApiKey.LeaveGroup, version);
        return data;
    }

    [Theory, MemberData(nameof(Versions))]
    public void A_request_that_a_real_client_sent_is_written_as_it_was(ApiKey apiKey, short version)
    {
        foreach (var frame in GoldenFrame.All.Where(frame => frame.ApiKey == apiKey && frame.Version == version))
        {
            var (request, _) = RequestReaders.ReadFrame(frame.Bytes, apiKey, version);
            if (apiKey == ApiKey.LeaveGroup && version >= 5) continue; // a client gives its reason, which is not kept
            using var writer = new KafkaWriter();
            Write(request, writer, version);
            Assert.Equal(frame.Bytes[^writer.Length..], writer.Written.ToArray());
        }
    }

    [Theory, MemberData(nameof(Versions))]
    public void What_a_client_writes_a_broker_reads_and_the_other_way_round(ApiKey apiKey, short version)
    {
        using var writer = new KafkaWriter();
        if (apiKey == ApiKey.FindCoordinator)
        {
            new FindCoordinatorRequest(FindCoordinatorRequest.GroupKey, ["group"]).Write(writer, version);
            Assert.Equal(["group"], Read(writer, version, FindCoordinatorRequest.Read).Keys);
            var node = new FindCoordinatorResponse.Coordinator("group", 1, "::1", 9092, ErrorCode.None, null);
            new FindCoordinatorResponse([node]).Write(writer, version);
            Assert.Equal(
                node with { Key = version < FindCoordinatorRequest.FirstBatched ? "" : "group" },
                Assert.Single(Read(writer, version, FindCoordinatorResponse.Read).Coordinators));
            return;
        }
        new LeaveGroupRequest("group", [new("member", null)]).Write(writer, version);
        var request = Read(writer, version, LeaveGroupRequest.Read);
        Assert.Equal(("group", "member"), (request.GroupId, Assert.Single(request.Members).MemberId));
        new LeaveGroupResponse(ErrorCode.None, [new("member", null, ErrorCode.UnknownMemberId)]).Write(writer, version);
        var answer = Read(writer, version, LeaveGroupResponse.Read);
        Assert.Equal(ErrorCode.UnknownMemberId, answer.Members.Length == 0 ? answer.Error : answer.Members[0].Error);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Sizes_of_logs_are_asked_for_and_told_in_every_version(short version)
    {
        using var writer = new KafkaWriter();
        new DescribeLogDirsRequest(null).Write(writer, version);
        Assert.Null(Read(writer, version, DescribeLogDirsRequest.Read).Topics);
        new DescribeLogDirsRequest([new("t", [0, 2])]).Write(writer, version);
        Assert.Equal([0, 2], Assert.Single(Read(writer, version, DescribeLogDirsRequest.Read).Topics!).Partitions);
        var partition = new DescribeLogDirsResponse.Partition(2, 5_000_000_000);
        new DescribeLogDirsResponse([new(ErrorCode.None, "/data", [new("t", [partition])])]).Write(writer, version);
        var directory = Assert.Single(Read(writer, version, DescribeLogDirsResponse.Read).Directories);
        Assert.Equal("/data", directory.Path);
        Assert.Equal(partition, Assert.Single(Assert.Single(directory.Topics).Partitions));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void Groups_are_asked_for_and_told_in_every_version(short version)
    {
        using var writer = new KafkaWriter();
        new DescribeGroupsRequest(["g", "h"]).Write(writer, version);
        Assert.Equal(["g", "h"], Read(writer, version, DescribeGroupsRequest.Read).GroupIds);
        var member = new DescribeGroupsResponse.Member("m", null, "client", "/127.0.0.1", new byte[] { 1 }, new byte[] { 2, 3 });
        new DescribeGroupsResponse([new(ErrorCode.NotCoordinator, null, "g", "Stable", "consumer", "range", [member])]).Write(writer, version);
        var group = Assert.Single(Read(writer, version, DescribeGroupsResponse.Read).Groups);
        Assert.Equal((ErrorCode.NotCoordinator, "g", "Stable", "consumer", "range"),
            (group.Error, group.GroupId, group.State, group.ProtocolType, group.ProtocolName));
        var told = Assert.Single(group.Members);
        Assert.Equal(("m", "client", "/127.0.0.1"), (told.MemberId, told.ClientId, told.ClientHost));
        Assert.Equal([2, 3], told.Assignment.ToArray());

        if (version > 5) return;
        new ListGroupsRequest([], []).Write(writer, version);
        Assert.Empty(Read(writer, version, ListGroupsRequest.Read).StatesFilter);
        new ListGroupsResponse([new("g", "consumer", "", "")], ErrorCode.CoordinatorNotAvailable).Write(writer, version);
        var listed = Read(writer, version, ListGroupsResponse.Read);
        Assert.Equal((ErrorCode.CoordinatorNotAvailable, "g"), (listed.Error, Assert.Single(listed.Groups).GroupId));
    }

    /// <summary>Size, API key, version, correlation id, a client id of null: https://kafka.apache.org/protocol</summary>
    [Fact]
    public void A_frame_begins_with_the_size_of_all_that_follows()
    {
        var header = new RequestHeader(ApiKey.ApiVersions, 0, 7);
        Assert.Equal(
            [0, 0, 0, 11, 0, 18, 0, 0, 0, 0, 0, 7, 0xff, 0xff, 0x2a],
            header.Frame(clientId: null, flexible: false, body => body.WriteInt8(0x2a)));
    }

    [Fact]
    public void A_request_header_is_read_as_it_was_written()
    {
        var header = new RequestHeader(ApiKey.LeaveGroup, 4, 7);
        using var writer = new KafkaWriter();

        header.Write(writer, "millrace", flexible: true);

        var reader = new KafkaReader(writer.Written);
        Assert.Equal(header, RequestHeader.Read(ref reader));
        Assert.Equal("millrace", RequestHeader.ReadClientId(ref reader, flexible: true));
        Assert.Equal(0, reader.Remaining);
    }

    static T Read<T>(KafkaWriter writer, short version, Reader<T> read)
    {
        var reader = new KafkaReader(writer.Written.ToArray());
        var message = read(ref reader, version);
        Assert.Equal(0, reader.Remaining);
        writer.Clear();
        return message;
    }

    delegate T Reader<out T>(ref KafkaReader reader, short version);

    static void Write(object request, KafkaWriter writer, short version)
    {
        if (request is FindCoordinatorRequest find) find.Write(writer, version);
        else ((LeaveGroupRequest)request).Write(writer, version);
    }
}
