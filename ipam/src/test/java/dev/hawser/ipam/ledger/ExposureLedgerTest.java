// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.ExposureDecision.AlreadyGranted;
import dev.hawser.ipam.ledger.ExposureDecision.Conflict;
import dev.hawser.ipam.ledger.ExposureDecision.Exhausted;
import dev.hawser.ipam.ledger.ExposureDecision.Granted;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExposureLedgerTest {
    private static final Cidr EXTERNAL = Cidr.parse("10.70.0.0/16");

    @Test
    void givesTheLowestAddressAfterTheGatewaysInObjectOrder() {
        ExposureRequest web = request("shop/web", "10.95.0.20");
        ExposureRequest proxy = request("hawser/api-server-proxy", "10.95.245.141");

        ExposureRound round = decide(List.of(), List.of(), web, proxy);

        assertThat(round.decisions())
                .containsExactly(new Granted(proxy, ip("10.70.0.2")), new Granted(web, ip("10.70.0.3")));
        assertThat(round.intents())
                .containsExactly(
                        intent("hawser/api-server-proxy", "10.95.245.141", "10.70.0.2"),
                        intent("shop/web", "10.95.0.20", "10.70.0.3"));
    }

    @Test
    void keepsTheAddressWhenTheServiceComesBackUnderAnother() {
        List<ExposureGrant> grants = List.of(grant("shop/web", "10.95.0.20", "10.70.0.9"));
        ExposureRequest moved = request("shop/web", "10.95.0.99");

        assertThat(decide(grants, List.of(), moved).decisions())
                .containsExactly(new AlreadyGranted(moved, ip("10.70.0.9")));
    }

    @Test
    void completesAPromiseAndClearsItOnceRecorded() {
        ExposureIntent promise = intent("shop/web", "10.95.0.20", "10.70.0.9");
        ExposureRequest web = request("shop/web", "10.95.0.20");

        ExposureRound promised = decide(List.of(), List.of(promise), web);
        ExposureRound recorded = decide(List.of(grant("shop/web", "10.95.0.20", "10.70.0.9")), List.of(promise), web);

        assertThat(promised.decisions()).containsExactly(new Granted(web, ip("10.70.0.9")));
        assertThat(promised.intents()).containsExactly(promise);
        assertThat(recorded.decisions()).containsExactly(new AlreadyGranted(web, ip("10.70.0.9")));
        assertThat(recorded.intents()).isEmpty();
    }

    @Test
    void refusesASecondObjectForOneTarget() {
        ExposureRequest first = request("shop/a", "10.95.0.20");
        ExposureRequest second = request("shop/b", "10.95.0.20");

        ExposureRound together = decide(List.of(), List.of(), second, first);
        ExposureRound later = decide(List.of(grant("shop/b", "10.95.0.20", "10.70.0.2")), List.of(), first, second);
        ExposureRound alone = decide(List.of(grant("shop/b", "10.95.0.20", "10.70.0.2")), List.of(), first);

        assertThat(obstacle(together, second)).isEqualTo("IP shop/a");
        assertThat(obstacle(later, first)).isEqualTo("IP shop/b");
        assertThat(obstacle(alone, first)).isEqualTo("IP shop/b");
    }

    @Test
    void letsNobodyTakeATargetAwayByMovingOntoIt() {
        List<ExposureGrant> grants =
                List.of(grant("shop/a", "10.95.0.1", "10.70.0.2"), grant("shop/b", "10.95.0.20", "10.70.0.3"));
        ExposureRequest moved = request("shop/a", "10.95.0.20");
        ExposureRequest stays = request("shop/b", "10.95.0.20");

        ExposureRound round = decide(grants, List.of(), moved, stays);

        assertThat(round.decisions()).contains(new AlreadyGranted(stays, ip("10.70.0.3")));
        assertThat(obstacle(round, moved)).isEqualTo("IP shop/b");
    }

    @Test
    void reportsHandEditedAddressesAndServesTheOthers() {
        List<ExposureGrant> grants = List.of(
                grant("shop/a", "10.95.0.1", "10.70.0.2"),
                grant("shop/b", "10.95.0.2", "10.70.0.2"),
                grant("shop/c", "10.95.0.3", "10.70.0.1"));
        ExposureRequest b = request("shop/b", "10.95.0.2");
        ExposureRequest c = request("shop/c", "10.95.0.3");
        ExposureRequest d = request("shop/d", "10.95.0.4");

        ExposureRound round = decide(grants, List.of(), b, c, d);

        assertThat(obstacle(round, b)).isEqualTo("IP shop/a");
        assertThat(obstacle(round, c)).isEqualTo("IP shop/c");
        assertThat(round.decisions()).contains(new Granted(d, ip("10.70.0.3")));
    }

    @Test
    void refusesATargetOfTheOtherFamily() {
        ExposureRequest six = request("shop/a", "fd00::9");

        assertThat(obstacle(decide(List.of(), List.of(), six), six)).isEqualTo("IP shop/a");
    }

    @Test
    void keepsAPromiseThatSomebodyWroteOverByHandAndSaysWho() {
        List<ExposureGrant> grants = List.of(grant("shop/b", "10.95.0.2", "10.70.0.2"));
        ExposureIntent promise = intent("shop/a", "10.95.0.1", "10.70.0.2");
        ExposureRequest a = request("shop/a", "10.95.0.1");

        ExposureRound round = decide(grants, List.of(promise), a, request("shop/b", "10.95.0.2"));

        assertThat(obstacle(round, a)).isEqualTo("IP shop/b");
        assertThat(round.intents()).containsExactly(promise);
    }

    /** Another controller, which sees what the object points at, may be about to record what was promised. */
    @Test
    void keepsThePromiseToAnObjectThatDoesNotAskAndItsTarget() {
        ExposureIntent promise = intent("shop/web", "10.95.0.20", "10.70.0.2");
        ExposureRequest other = request("shop/other", "10.95.0.21");
        ExposureRequest same = request("shop/same", "10.95.0.20");
        ExposureState state =
                new ExposureState(EXTERNAL, Set.of("uid of shop/web"), List.of(), List.of(promise), List.of());

        ExposureRound round = ExposureLedger.of(state).decide(List.of(other, same));

        assertThat(round.decisions()).contains(new Granted(other, ip("10.70.0.3")));
        assertThat(round.intents()).contains(promise);
        assertThat(obstacle(round, same)).isEqualTo("IP with the uid uid of shop/web");
    }

    @Test
    void abandonsThePromiseToAnObjectThatIsGone() {
        ExposureIntent promise = intent("shop/web", "10.95.0.20", "10.70.0.2");
        ExposureRequest other = request("shop/other", "10.95.0.21");

        ExposureRound round = decide(List.of(), List.of(promise), other);

        assertThat(round.decisions()).containsExactly(new Granted(other, ip("10.70.0.2")));
        assertThat(round.intents()).containsExactly(intent("shop/other", "10.95.0.21", "10.70.0.2"));
    }

    @Test
    void keepsACoolingAddressForItsFormerHolder() {
        List<ExposureFormer> formers = List.of(new ExposureFormer("shop/b", ip("10.70.0.2")));
        ExposureState state = new ExposureState(Cidr.parse("10.70.0.0/29"), List.of(), List.of(), formers);
        ExposureRequest a = request("shop/a", "10.95.0.1");
        ExposureRequest b = request("shop/b", "10.95.0.2");

        assertThat(ExposureLedger.of(state).decide(List.of(a, b)).decisions())
                .containsExactly(new Granted(a, ip("10.70.0.3")), new Granted(b, ip("10.70.0.2")));
    }

    /** Whoever was promised a target is served before one that comes new, and after it one that moved onto it. */
    @Test
    void servesAPromisedTargetFirst() {
        ExposureRequest moved = request("shop/a", "10.95.0.20");
        ExposureRequest fresh = request("shop/b", "10.95.0.20");
        ExposureRequest promised = request("shop/c", "10.95.0.20");

        ExposureRound round = decide(
                List.of(grant("shop/a", "10.95.0.1", "10.70.0.2")),
                List.of(intent("shop/c", "10.95.0.20", "10.70.0.9")),
                moved,
                fresh,
                promised);

        assertThat(round.decisions()).extracting(ExposureDecision::request).containsExactly(promised, moved, fresh);
        assertThat(round.decisions().getFirst()).isEqualTo(new Granted(promised, ip("10.70.0.9")));
    }

    @Test
    void keepsAnAddressThatTwoHadForTheFirstByName() {
        List<ExposureFormer> formers =
                List.of(new ExposureFormer("shop/b", ip("10.70.0.2")), new ExposureFormer("shop/a", ip("10.70.0.2")));
        ExposureState state = new ExposureState(Cidr.parse("10.70.0.0/29"), List.of(), List.of(), formers);
        ExposureRequest b = request("shop/b", "10.95.0.2");

        assertThat(ExposureLedger.of(state).decide(List.of(b)).decisions())
                .containsExactly(new Granted(b, ip("10.70.0.3")));
    }

    @Test
    void leavesTheTargetOnRecordToAnObjectThatDoesNotAskNow() {
        List<ExposureGrant> grants = List.of(grant("shop/a", "10.95.0.20", "10.70.0.2"));
        ExposureRequest b = request("shop/b", "10.95.0.20");

        assertThat(obstacle(decide(grants, List.of(), b), b)).isEqualTo("IP shop/a");
    }

    @Test
    void saysWhatIsUsedAndWhatCools() {
        List<ExposureFormer> formers = List.of(new ExposureFormer("shop/gone", ip("10.70.0.2")));
        ExposureState state = new ExposureState(Cidr.parse("10.70.0.0/30"), List.of(), List.of(), formers);
        ExposureRequest a = request("shop/a", "10.95.0.1");

        ExposureDecision decision =
                ExposureLedger.of(state).decide(List.of(a)).decisions().getFirst();

        assertThat(((Exhausted) decision).reason()).contains("10.70.0.0/30: 0 used, 1 cooling down");
    }

    private static ExposureRound decide(
            List<ExposureGrant> grants, List<ExposureIntent> intents, ExposureRequest... requests) {
        return ExposureLedger.of(new ExposureState(EXTERNAL, grants, intents, List.of()))
                .decide(List.of(requests));
    }

    private static String obstacle(ExposureRound round, ExposureRequest request) {
        return round.decisions().stream()
                .filter(decision -> decision.request().equals(request))
                .map(decision -> ((Conflict) decision).obstacle().object())
                .findFirst()
                .orElseThrow();
    }

    private static ExposureRequest request(String object, String target) {
        return new ExposureRequest(object(object), ip(target));
    }

    private static ExposureGrant grant(String object, String target, String address) {
        return new ExposureGrant(object(object), ip(target), ip(address));
    }

    private static ExposureIntent intent(String object, String target, String address) {
        return new ExposureIntent(object(object).uid(), ip(target), ip(address));
    }

    private static ObjectRef object(String name) {
        return new ObjectRef(name, "uid of " + name);
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }
}
