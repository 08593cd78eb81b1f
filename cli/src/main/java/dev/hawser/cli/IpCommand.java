// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli;

import dev.hawser.cli.cluster.ClusterAccess;
import dev.hawser.cli.cluster.ObjectsReader;
import dev.hawser.cli.ip.ExplainReport;
import dev.hawser.cli.ip.PlanReport;
import dev.hawser.cli.ip.TopReport;
import dev.hawser.cli.terminal.CliException;
import dev.hawser.cli.terminal.ExitCode;
import dev.hawser.cli.terminal.Json;
import dev.hawser.cli.terminal.OutputFormat;
import dev.hawser.controller.explain.Explainer;
import dev.hawser.controller.explain.Fill;
import dev.hawser.controller.plan.ClusterObjects;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hawser ip}: whose addresses are whose. */
@Command(
        name = "ip",
        description = "Say what an address is, how full the ranges are, and what would be granted.",
        synopsisSubcommandLabel = "COMMAND")
final class IpCommand {
    /** What every question needs. */
    static final class Question {
        @Mixin
        private final Kubeconfig kubeconfig = new Kubeconfig();

        @Option(
                names = {"-o", "--output"},
                defaultValue = "table",
                description = "${COMPLETION-CANDIDATES}")
        private OutputFormat output = OutputFormat.table;

        ClusterObjects objects() {
            try (ClusterAccess access = kubeconfig.open()) {
                return new ObjectsReader(access).read();
            }
        }

        void answer(Object report, Supplier<String> text) {
            var out = System.out;
            out.println(
                    switch (output) {
                        case json -> Json.write(report);
                        case table -> text.get();
                    });
            out.flush();
        }
    }

    @Command(
            name = "explain",
            description = "Say what an address is in a cluster, how each peer reaches it, and how that cluster does.",
            footer = "Exit code 0 whatever the address is, 2 if the text is no address.")
    int explain(
            @Mixin Question question,
            @Parameters(paramLabel = "ADDRESS", description = "IPv4 or IPv6.") String address) {
        IpAddress asked = read(address, IpAddress::parse, "write one address, such as 10.81.0.3 or fd00:81::3.");
        ExplainReport report = ExplainReport.of(Explainer.explain(question.objects(), asked));
        question.answer(report, report::text);
        return ExitCode.OK.number();
    }

    @Command(
            name = "top",
            description = "Show how full the Pool and the external CIDRs of a cluster are, in addresses.")
    int top(@Mixin Question question) {
        TopReport report = TopReport.of(question.objects(), Fill::of);
        question.answer(report, report::text);
        return ExitCode.OK.number();
    }

    @Command(
            name = "plan",
            description = "Say which names would be granted now, and what is in the way of the wanted ones.",
            footer = {
                "Without ranges and peer: whatever is pending. Nothing is changed.",
                "Exit code 0 if every range has or would get a name, 1 if one would not."
            })
    int plan(
            @Mixin Question question,
            @Option(
                            names = "--peer",
                            paramLabel = "ID",
                            description = "A peer; with ranges, the cluster whose pod ranges they would be.")
                    @Nullable
                    String peer,
            @Parameters(
                            arity = "0..*",
                            paramLabel = "CIDR",
                            description = "Ranges of pods that a cluster would have that were peered with now.")
                    @Nullable
                    List<String> ranges) {
        List<Cidr> asked = new ArrayList<>();
        for (String range : ranges == null ? List.<String>of() : ranges) {
            asked.add(read(range, Cidr::parse, "write a range, such as 10.200.0.0/16."));
        }
        PlanReport report = PlanReport.of(question.objects(), peer, asked);
        question.answer(report, report::text);
        return (report.complete() ? ExitCode.OK : ExitCode.FAILED).number();
    }

    private static <T> T read(String text, Function<String, T> reader, String hint) {
        try {
            return reader.apply(text);
        } catch (AddressException unreadable) {
            throw new CliException(ExitCode.USAGE, String.valueOf(unreadable.getMessage()), hint, unreadable);
        }
    }
}
