// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import static dev.hawser.controller.plan.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.ipam.AddressIntent;
import dev.hawser.api.ipam.ReleasedAddress;
import dev.hawser.controller.plan.AddressPlan.Asker;
import dev.hawser.controller.plan.AddressPlan.Choice;
import dev.hawser.controller.plan.AddressPlan.Holder;
import dev.hawser.controller.plan.AddressPlan.Room;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressPlanTest {
    private static final Cidr EXTERNAL = Cidr.parse("10.70.0.0/29");
    private static final Duration COOL_DOWN = Duration.ofMinutes(10);
    private static final Asker WEB = asker("web", "10.95.0.9", Optional.empty());

    @Test
    void givesTheLowestAfterNetworkAndGateway() {
        assertThat(chosen(choose(List.of(), List.of(), List.of(), Optional.empty())))
                .isEqualTo("10.70.0.2");
    }

    @Test
    void protectsTheChoiceByAnIntent() {
        Choice choice = choose(List.of(), List.of(), List.of(), Optional.empty());

        assertThat(((Choice.Chosen) choice).intents())
                .containsExactly(new AddressIntent("default", "web", "uid-web", "10.95.0.9", "10.70.0.2"));
    }

    @Test
    void passesOverWhatIsHeldAndWhatIsCoolingDown() {
        List<ReleasedAddress> released = List.of(released("other", "10.70.0.3", 60));

        assertThat(chosen(choose(List.of(holder("first", "10.70.0.2")), List.of(), released, Optional.empty())))
                .isEqualTo("10.70.0.4");
    }

    @Test
    void givesWhatHasCooledDownToAnybody() {
        List<ReleasedAddress> released = List.of(released("other", "10.70.0.2", 601));

        assertThat(chosen(choose(List.of(), List.of(), released, Optional.empty())))
                .isEqualTo("10.70.0.2");
    }

    @Test
    void givesAnIpOfTheSameNameItsAddressBackAndForgetsTheRelease() {
        List<ReleasedAddress> released = List.of(released("web", "10.70.0.5", 60), released("other", "10.70.0.6", 60));

        Choice choice = choose(List.of(), List.of(), released, Optional.empty());

        assertThat(chosen(choice)).isEqualTo("10.70.0.5");
        assertThat(((Choice.Chosen) choice).released()).containsExactly(released.getLast());
    }

    @Test
    void keepsWhatWasGrantedWhateverAHandWroteOverIt() {
        Holder edited = new Holder("default", "web", "uid-web", WEB.target(), IpAddress.parse("10.70.0.6"));

        assertThat(chosen(choose(List.of(edited), List.of(), List.of(), Optional.of(IpAddress.parse("10.70.0.4")))))
                .isEqualTo("10.70.0.4");
    }

    @Test
    void promisesAllThatAskAtOnceAndNobodyAnothersAddress() {
        Asker former = asker("former", "10.95.0.8", Optional.of(IpAddress.parse("10.70.0.2")));
        Room room = new Room(
                EXTERNAL, List.of(), List.of(), Set.of("uid-web", "uid-former"), List.of(), List.of(WEB, former));

        Choice.Chosen choice = (Choice.Chosen) AddressPlan.choose(WEB, room, NOW, COOL_DOWN);

        assertThat(choice.address()).hasToString("10.70.0.3");
        assertThat(choice.intents())
                .containsExactlyInAnyOrder(
                        new AddressIntent("default", "former", "uid-former", "10.95.0.8", "10.70.0.2"),
                        new AddressIntent("default", "web", "uid-web", "10.95.0.9", "10.70.0.3"));
    }

    @Test
    void completesWhatWasPromised() {
        AddressIntent promise = new AddressIntent("default", "web", "uid-web", "10.95.0.9", "10.70.0.5");

        assertThat(chosen(choose(List.of(), List.of(promise), List.of(), Optional.empty())))
                .isEqualTo("10.70.0.5");
    }

    @Test
    void doesNotTakeAPromiseToAnotherObjectOfTheSameNameForItsOwn() {
        AddressIntent promise = new AddressIntent("default", "web", "uid-of-former", "10.95.0.9", "10.70.0.5");

        assertThat(chosen(choose(List.of(), List.of(promise), List.of(), Optional.empty())))
                .isEqualTo("10.70.0.2");
    }

    @Test
    void leavesTheOtherFamilyOfADualStackServiceToItsOwnRange() {
        Asker six = asker("web", "fd00:10:95::9", Optional.empty());
        Room room = new Room(
                Cidr.parse("fd00:10:70::/112"),
                List.of(new AddressIntent("default", "old", "uid-old", "fd00:10:95::7", "fd00:10:70::5")),
                List.of(),
                Set.of("uid-web"),
                List.of(new Holder("default", "web", "uid-web", WEB.target(), IpAddress.parse("10.70.0.2"))),
                List.of(WEB, six, asker("old", "10.95.0.7", Optional.empty())));

        Choice choice = AddressPlan.choose(six, room, NOW, COOL_DOWN);

        assertThat(chosen(choice)).isEqualTo("fd00:10:70::2");
        assertThat(((Choice.Chosen) choice).intents())
                .containsExactly(new AddressIntent("default", "web", "uid-web", "fd00:10:95::9", "fd00:10:70::2"));
        assertThat(AddressPlan.waiting(room)).isEmpty();
    }

    /** Another controller, whose view does not lag, may be about to write it. */
    @Test
    void keepsAPromiseToAnIpWhoseServiceTheViewDoesNotShowYet() {
        AddressIntent promise = new AddressIntent("default", "other", "uid-other", "10.95.0.7", "10.70.0.2");
        Room room = new Room(
                EXTERNAL, List.of(promise), List.of(), Set.of("uid-web", "uid-other"), List.of(), List.of(WEB));

        Choice choice = AddressPlan.choose(WEB, room, NOW, COOL_DOWN);

        assertThat(chosen(choice)).isEqualTo("10.70.0.3");
        assertThat(((Choice.Chosen) choice).intents()).contains(promise);
        assertThat(AddressPlan.waiting(room)).containsExactly(promise);
    }

    @Test
    void clearsThePromiseOfARangeWhoseIpGotItsAddressFromAnother() {
        AddressIntent promise = new AddressIntent("default", "web", "uid-web", "10.95.0.9", "10.70.0.2");
        Holder elsewhere = new Holder("default", "web", "uid-web", WEB.target(), IpAddress.parse("10.71.0.2"));
        Room room =
                new Room(EXTERNAL, List.of(promise), List.of(), Set.of("uid-web"), List.of(elsewhere), List.of(WEB));

        assertThat(AddressPlan.waiting(room)).isEmpty();
    }

    @Test
    void saysWhenNothingIsLeft() {
        List<Holder> all = List.of(
                holder("a", "10.70.0.2"),
                holder("b", "10.70.0.3"),
                holder("c", "10.70.0.4"),
                holder("d", "10.70.0.5"),
                holder("e", "10.70.0.6"));

        assertThat(choose(all, List.of(), List.of(), Optional.empty())).isInstanceOf(Choice.Full.class);
    }

    private static Choice choose(
            List<Holder> holders,
            List<AddressIntent> intents,
            List<ReleasedAddress> released,
            Optional<IpAddress> kept) {
        Asker self = asker("web", "10.95.0.9", kept);
        return AddressPlan.choose(
                self,
                new Room(EXTERNAL, intents, released, Set.of(self.uid()), holders, List.of(self)),
                NOW,
                COOL_DOWN);
    }

    private static Asker asker(String name, String target, Optional<IpAddress> kept) {
        return new Asker("default", name, "uid-" + name, IpAddress.parse(target), kept);
    }

    private static String chosen(Choice choice) {
        return ((Choice.Chosen) choice).address().toString();
    }

    /** Another IP, each with a target of its own. */
    private static Holder holder(String name, String address) {
        IpAddress external = IpAddress.parse(address);
        return new Holder("default", name, "uid-" + name, external, external);
    }

    private static ReleasedAddress released(String name, String address, long secondsAgo) {
        return new ReleasedAddress(
                "default", name, address, NOW.minusSeconds(secondsAgo).toString());
    }
}
