#!/usr/bin/env bash
# Plants one violation of every build gate into a copy of the tree and shows that the build notices it.
#
# A gate that nobody has seen fail may as well not exist. Each case copies the committed tree, plants, builds, and
# demands both that the build fails and that it names the gate. Needs JAVA_HOME at 25 or newer; takes some minutes.
set -uo pipefail

root=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
shown=0
missed=0

# prove NAME PATTERN MAVEN-ARGUMENTS... : builds the copy in $scratch/tree and looks for PATTERN in the failure.
prove() {
    local name=$1 pattern=$2
    shift 2
    if (cd "$scratch/tree" && mvn -B -ntp "$@") >"$scratch/log" 2>&1; then
        echo "MISSED  $name: the build passed"
        missed=$((missed + 1))
    elif grep -Eq "$pattern" "$scratch/log"; then
        echo "shown   $name: $(grep -Em1 "$pattern" "$scratch/log" | sed 's/^\[ERROR\] *//' | cut -c1-150)"
        shown=$((shown + 1))
    else
        echo "MISSED  $name: the build failed for another reason:"
        grep -m5 ERROR "$scratch/log"
        missed=$((missed + 1))
    fi
}

fresh() {
    rm -rf "$scratch/tree"
    mkdir "$scratch/tree"
    git -C "$root" archive HEAD | tar -x -C "$scratch/tree"
}

# java MODULE PACKAGE CLASS BODY : adds a class, formatted enough to pass the formatter.
java() {
    local folder="$scratch/tree/$1/src/main/java/${2//.//}"
    mkdir -p "$folder"
    printf '// SPDX-License-Identifier: Apache-2.0\npackage %s;\n\n%s\n' "$2" "$4" >"$folder/$3.java"
}

format_in() {
    (cd "$scratch/tree" && mvn -B -ntp -q spotless:apply -pl "$1" -am) >/dev/null 2>&1
}

one_module="verify -pl ipam -am -DskipTests"

fresh
java ipam dev.hawser.ipam.address Planted '/** Planted. */
public final class Planted { private Planted( ) {} }'
prove "format (Spotless)" 'spotless.*violations|format violations' $one_module

fresh
java ipam dev.hawser.ipam.address Planted '/** Planted. */
public final class Planted {
    /** Compares arrays. */
    public static boolean same(byte[] a, byte[] b) {
        return a.equals(b);
    }
}'
format_in ipam
prove "Error Prone" 'ArrayEquals' $one_module

fresh
java ipam dev.hawser.ipam.address Planted '/** Planted. */
public final class Planted {
    /** Gives null. */
    public static String nothing() {
        return null;
    }
}'
format_in ipam
prove "NullAway" 'NullAway' $one_module

fresh
java ipam dev.hawser.ipam.address Planted 'import java.util.ArrayList;
import java.util.List;

/** Planted. */
public final class Planted {
    /** A raw type. */
    public static List<String> raw() {
        List names = new ArrayList();
        return List.copyOf(names);
    }
}'
format_in ipam
prove "-Xlint:all -Werror" 'rawtypes|unchecked' $one_module

fresh
java ipam dev.hawser.ipam.address Planted "/** Planted. */
public final class Planted {
$(for i in $(seq 400); do echo "    // line $i"; done)
}"
format_in ipam
prove "Checkstyle: file length" 'FileLength' $one_module

fresh
java ipam dev.hawser.ipam.address Planted "/** Planted. */
public final class Planted {
    /** Long. */
    public static int sum(int n) {
        int s = n;
$(for i in $(seq 45); do echo "        s += $i;"; done)
        return s;
    }
}"
format_in ipam
prove "Checkstyle: method length" 'MethodLength' $one_module

fresh
java ipam dev.hawser.ipam.address Planted 'public final class Planted {}'
format_in ipam
prove "Checkstyle: javadoc on public types" 'MissingJavadocType' $one_module

fresh
java ipam dev.hawser.ipam.planted Planted '/** Planted. */
public final class Planted {}'
format_in ipam
prove "Checkstyle: package documentation" 'JavadocPackage' $one_module

fresh
sed -i '/<artifactId>maven-jar-plugin<\/artifactId>/{n;d}' "$scratch/tree/pom.xml"
prove "enforcer: plugin versions" 'RequirePluginVersions failed' $one_module

# Two versions of commons-codec, one below each of the two.
fresh
sed -i 's|  </dependencies>|    <dependency><groupId>org.apache.httpcomponents</groupId><artifactId>httpclient</artifactId><version>4.5.13</version></dependency>\n    <dependency><groupId>commons-codec</groupId><artifactId>commons-codec</artifactId><version>1.15</version></dependency>\n  </dependencies>|' "$scratch/tree/ipam/pom.xml"
prove "enforcer: convergence" 'DependencyConvergence failed' $one_module

fresh
sed -i 's|  </dependencies>|    <dependency><groupId>info.picocli</groupId><artifactId>picocli</artifactId></dependency>\n  </dependencies>|' "$scratch/tree/ipam/pom.xml"
prove "unused dependency" 'Unused declared dependencies' $one_module

fresh
sed -i '/kubernetes-client-api/d' "$scratch/tree/crds/pom.xml"
sed -i 's|  </dependencies>|    <dependency><groupId>io.fabric8</groupId><artifactId>kubernetes-httpclient-jdk</artifactId></dependency>\n  </dependencies>|' "$scratch/tree/crds/pom.xml"
sed -i '/<ignored>io.fabric8:kubernetes-client-api<\/ignored>/d' "$scratch/tree/pom.xml"
prove "undeclared dependency" 'Used undeclared dependencies' verify -pl crds -am -DskipTests

fresh
sed -i 's/Absent collections/absent collections/; s/A fixed local address to expose/A fixed address to expose/' "$scratch/tree/crds/src/main/java/dev/hawser/api/ipam/IPSpec.java"
prove "CRD drift" 'committedCrdsAreThoseOfTheJavaTypes' verify -pl crds -am

# All architecture rules at once: each names its own test.
fresh
java ipam dev.hawser.ipam.address Ticking '/** Reads the clock. */
public final class Ticking {
    private Ticking() {}

    /** Now. */
    public static long now() {
        return System.nanoTime();
    }
}'
java ipam dev.hawser.ipam.address AddressManager '/** Says nothing. */
public final class AddressManager {}'
java ipam dev.hawser.ipam.address Calling 'import java.lang.foreign.Linker;

/** Calls out. */
public final class Calling {
    private Calling() {}

    /** The linker. */
    public static Linker linker() {
        return Linker.nativeLinker();
    }
}'
java api-server-proxy dev.hawser.proxy.target Upwards 'import dev.hawser.ipam.remap.Remap;

/** Uses what a proxy must not know. */
public record Upwards(Remap remap) {}'
java api-server-proxy dev.hawser.proxy.target Running 'import dev.hawser.runtime.Settings;

/** Uses the process skeleton outside of app. */
public record Running(Settings settings) {}'
java gateway-tunnel dev.hawser.tunnel.route Shaped 'import dev.hawser.api.ipam.Protocol;

/** Knows a custom resource outside of kube. */
public record Shaped(Protocol protocol) {}'
java gateway-tunnel dev.hawser.tunnel.route Talking 'import io.fabric8.kubernetes.client.KubernetesClient;

/** Uses the Kubernetes client outside of kube. */
public record Talking(KubernetesClient client) {}'
java gateway-tunnel dev.hawser.tunnel.port Circling 'import dev.hawser.tunnel.app.GatewayMain;

/** Closes a cycle. */
public record Circling(GatewayMain main) {}'
(cd "$scratch/tree" && mvn -B -ntp -q spotless:apply) >/dev/null 2>&1
if (cd "$scratch/tree" && mvn -B -ntp verify -pl e2e -am -DskipITs -Dmdep.analyze.skip=true -Dtest='ArrowsTest,RoomsTest' -Dsurefire.failIfNoSpecifiedTests=false) >"$scratch/log" 2>&1; then
    echo "MISSED  architecture: the build passed"
    missed=$((missed + 1))
fi
for rule in purePackagesReadNoClock namesSayWhatAThingIs foreignFunctionsStayInTheirRooms \
    modulesUseOnlyWhatStandsBelowThem onlyMainProgramsUseTheRuntime onlyTheKubernetesSideOfTheTunnelKnowsCustomResources \
    onlyTheRoomsForKubernetesUseItsClient packagesOfAModuleHaveNoCycles; do
    if grep -q "ERROR.*$rule" "$scratch/log"; then
        echo "shown   architecture: $rule"
        shown=$((shown + 1))
    else
        echo "MISSED  architecture: $rule"
        missed=$((missed + 1))
    fi
done

echo "$shown gates shown to fail on a planted violation, $missed missed"
[ "$missed" -eq 0 ]
