using System.CommandLine;
using System.Net;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Supervision;
using Millrace.ClickHouse.Confining;

namespace Millrace.Cli.Services;

/// <summary>
/// One service of a stand, and all that the program knows of it: its name, its options, its ports, the verb that runs it by hand, and how a
/// supervisor runs it. What its process does is in <c>Roles/</c>. One instance for the whole command tree.
/// </summary>
abstract class StandPart
{
    /// <summary>As users type it.</summary>
    public abstract string Name { get; }

    /// <summary>For the port that its server wants; null for a service that nobody connects to.</summary>
    public virtual Option<int>? Port => null;

    /// <summary>By which a user goes without it; null for a service that a stand needs.</summary>
    public virtual Option<bool>? Without => null;

    /// <summary>What else <c>up</c> takes for it, and for no other service.</summary>
    public virtual IReadOnlyList<Option> Options => [];

    /// <summary>false where somebody else's server stands in for it, or the user wants to go without.</summary>
    public virtual bool IsIn(StandOptions stand, ParseResult up) => true;

    /// <summary>Looks at what the user gave, before anything is made.</summary>
    /// <exception cref="CliException">It may not run like that.</exception>
    public virtual void Check(StandOptions stand, ParseResult up) { }

    /// <summary>Its options as a second <c>up</c> compares them.</summary>
    public virtual IEnumerable<StandSetting> Settings(ParseResult up) => Port is { } port ? [up.Setting(port)] : [];

    /// <summary>How a supervisor runs it.</summary>
    /// <param name="up">The command line of <c>up</c>.</param>
    /// <param name="ports">Of all services of this stand.</param>
    /// <exception cref="CliException">One of its options has a value it can't have.</exception>
    public abstract ServiceSpec Spec(StandOptions stand, ParseResult up, StandPorts ports);

    /// <summary>How it is run by hand.</summary>
    public abstract RoleVerb Verb(GlobalOptions globals);

    /// <summary>What it lets whoever reaches its port do, in one clause; null for a service that nobody connects to.</summary>
    public virtual string? WhatIsOpen(IPAddress listen, int port) => null;

    /// <summary>
    /// A server that is run by hand keeps its data in a stand's directory too, and marks it as its supervisor would have.
    /// </summary>
    /// <returns>Its full path.</returns>
    protected static string MarkedData(ParseResult parsed, GlobalOptions globals)
    {
        var paths = Invocation.From(parsed, globals).Paths;
        // Begun anew, it may not look outside its own folder any more.
        if (!Confinement.IsInForce) DataDirectoryLock.TryTake(paths)?.Dispose();
        return paths.Data;
    }
}
