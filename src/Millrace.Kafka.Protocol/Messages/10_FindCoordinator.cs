namespace Millrace.Kafka.Protocol.Messages;

/// <summary>
/// FindCoordinator, versions 0 to 6 (Apache Kafka, clients/src/main/resources/common/message/FindCoordinatorRequest.json). Up to version 3
/// it has one key, since version 4 any number; here it is a list in every version. What each adds:
/// <code>
/// 1  what the key is (KIP-98); throttle time and error message in the answer
/// 2  a quota that is exceeded delays the client, not the answer (KIP-219)
/// 3  flexible (KIP-482)
/// 4  several keys (KIP-699)
/// 5  TRANSACTION_ABORTABLE may be the answer (KIP-890)
/// 6  share groups (KIP-932)
/// </code>
/// </summary>
/// <param name="KeyType">What the keys are: <see cref="GroupKey"/>, <see cref="TransactionKey"/> or a share group's (2, KIP-932).</param>
public sealed record FindCoordinatorRequest(sbyte KeyType, string[] Keys)
{
    public const short FirstFlexible = 3;

    /// <summary>From here on a request and its answer hold several keys.</summary>
    public const short FirstBatched = 4;

    public const sbyte GroupKey = 0;

    public const sbyte TransactionKey = 1;

    public static FindCoordinatorRequest Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FirstFlexible;
        var key = version < FirstBatched ? reader.ReadString(flexible) : null;
        var keyType = version >= 1 ? reader.ReadInt8() : GroupKey;
        var keys = key is null ? reader.ReadStringArray(flexible) : new[] { key };
        reader.SkipTaggedFields(flexible);
        return new FindCoordinatorRequest(keyType, keys);
    }

    /// <summary>A client's side; one key before <see cref="FirstBatched"/>, which is a group's before version 1.</summary>
    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= FirstFlexible;
        if (version < FirstBatched) writer.WriteString(Keys[0], flexible);
        if (version >= 1) writer.WriteInt8(KeyType);
        if (version >= FirstBatched) writer.WriteArray(Keys, flexible, static (w, key) => w.WriteString(key, true));
        writer.WriteNoTaggedFields(flexible);
    }
}

/// <summary>
/// Answer to <see cref="FindCoordinatorRequest"/>; exactly one coordinator before <see cref="FindCoordinatorRequest.FirstBatched"/>.
/// </summary>
public sealed record FindCoordinatorResponse(FindCoordinatorResponse.Coordinator[] Coordinators)
{
    /// <summary>A client's side.</summary>
    public static FindCoordinatorResponse Read(ref KafkaReader reader, short version)
    {
        var flexible = version >= FindCoordinatorRequest.FirstFlexible;
        if (version >= 1) reader.ReadInt32(); // throttle time, ms
        var response = new FindCoordinatorResponse(
            version >= FindCoordinatorRequest.FirstBatched
                ? reader.ReadArray(flexible, static (ref r) => Coordinator.Read(ref r))
                : [Coordinator.ReadSingle(ref reader, version, flexible)]);
        reader.SkipTaggedFields(flexible);
        return response;
    }

    public void Write(KafkaWriter writer, short version)
    {
        var flexible = version >= FindCoordinatorRequest.FirstFlexible;
        if (version >= 1) writer.WriteInt32(0); // throttle time, ms
        if (version >= FindCoordinatorRequest.FirstBatched) writer.WriteArray(Coordinators, flexible, (w, each) => each.Write(w));
        else Coordinators[0].WriteSingle(writer, version, flexible);
        writer.WriteNoTaggedFields(flexible);
    }

    /// <param name="NodeId">-1 with an error; then <paramref name="Host"/> is empty and <paramref name="Port"/> -1.</param>
    public sealed record Coordinator(string Key, int NodeId, string Host, int Port, ErrorCode Error, string? ErrorMessage)
    {
        /// <summary>The key is in the request alone: empty here.</summary>
        internal static Coordinator ReadSingle(ref KafkaReader reader, short version, bool flexible)
        {
            var error = reader.ReadErrorCode();
            var message = version >= 1 ? reader.ReadNullableString(flexible) : null;
            return new("", reader.ReadInt32(), reader.ReadString(flexible), reader.ReadInt32(), error, message);
        }

        internal static Coordinator Read(ref KafkaReader reader)
        {
            var coordinator = new Coordinator(
                reader.ReadString(true), reader.ReadInt32(), reader.ReadString(true), reader.ReadInt32(),
                reader.ReadErrorCode(), reader.ReadNullableString(true));
            reader.SkipTaggedFields(true);
            return coordinator;
        }

        internal void WriteSingle(KafkaWriter writer, short version, bool flexible)
        {
            writer.WriteErrorCode(Error);
            if (version >= 1) writer.WriteString(ErrorMessage, flexible);
            WriteNode(writer, flexible);
        }

        internal void Write(KafkaWriter writer)
        {
            writer.WriteString(Key, true);
            WriteNode(writer, true);
            writer.WriteErrorCode(Error);
            writer.WriteString(ErrorMessage, true);
            writer.WriteNoTaggedFields(true);
        }

        void WriteNode(KafkaWriter writer, bool flexible)
        {
            writer.WriteInt32(NodeId);
            writer.WriteString(Host, flexible);
            writer.WriteInt32(Port);
        }
    }
}
