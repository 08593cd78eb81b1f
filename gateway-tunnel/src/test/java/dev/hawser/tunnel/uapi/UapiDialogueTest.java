// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.uapi;

import static dev.hawser.tunnel.uapi.FixedDevice.LISBON;
import static dev.hawser.tunnel.uapi.FixedDevice.PORTO;
import static dev.hawser.tunnel.uapi.FixedDevice.hex;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the socket answers, by the letter of the protocol, and what it lets through. */
class UapiDialogueTest {
    private static final String OK = "errno=0\n\n";
    private static final String NOT_PERMITTED = "errno=-1\n\n";
    private static final String INVALID = "errno=-22\n\n";

    private final FixedDevice device = FixedDevice.present();

    @Test
    void tellsEverythingThatWgShows() {
        assertThat(device.answer("get=1\n\n")).isEqualTo("""
                private_key=%s
                listen_port=51820
                public_key=%s
                preshared_key=%s
                protocol_version=1
                endpoint=[2001:db8::2]:51820
                last_handshake_time_sec=1700000000
                last_handshake_time_nsec=5
                tx_bytes=3000
                rx_bytes=2000
                persistent_keepalive_interval=25
                allowed_ip=10.200.0.0/16
                allowed_ip=fd00:10:200::/56
                public_key=%s
                preshared_key=0000000000000000000000000000000000000000000000000000000000000000
                protocol_version=1
                last_handshake_time_sec=0
                last_handshake_time_nsec=0
                tx_bytes=0
                rx_bytes=0
                persistent_keepalive_interval=0
                allowed_ip=10.200.0.0/16
                errno=0

                """.formatted(
                        hex(FixedDevice.KEY.toBytes()),
                        hex(LISBON.toBytes()),
                        hex(FixedDevice.PSK.toBytes()),
                        hex(PORTO.toBytes())));
    }

    @Test
    void letsWhatIsBeSaidAgain() {
        String all = "private_key=" + hex(FixedDevice.KEY.toBytes())
                + "\nlisten_port=51820\nfwmark=0\nreplace_peers=true\n"
                + peer("preshared_key=" + hex(FixedDevice.PSK.toBytes()))
                + "endpoint=[2001:db8::2]:51820\npersistent_keepalive_interval=25\nreplace_allowed_ips=true\n"
                + "allowed_ip=10.200.3.4/16\nallowed_ip=fd00:10:200::/56\nprotocol_version=1\n"
                + "public_key=" + hex(PORTO.toBytes()) + "\n";

        assertThat(device.answer("set=1\n" + all + "\n")).isEqualTo(OK);
        assertThat(device.moved).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "listen_port=1234",
                "private_key=0000000000000000000000000000000000000000000000000000000000000000",
                "replace_peers=true",
                "PEER endpoint=203.0.113.9:51820",
                "PEER persistent_keepalive_interval=0",
                "PEER remove=true",
                "PEER preshared_key=0000000000000000000000000000000000000000000000000000000000000000",
                "PEER replace_allowed_ips=true",
                "PEER allowed_ip=10.201.0.0/16",
                "PEER allowed_ip=-10.200.0.0/16",
                "public_key=0101010101010101010101010101010101010101010101010101010101010101"
            })
    void refusesToChangeWhatACustomResourceOwns(String change) {
        String lines = change.startsWith("PEER ") ? peer(change.substring(5)) : change + "\n";

        assertThat(device.answer("set=1\n" + lines + "\n")).isEqualTo(NOT_PERMITTED);
        assertThat(device.moved).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no equals sign",
                "colour=blue",
                "listen_port=65536",
                "listen_port=-1",
                "private_key=00",
                "private_key=zz00000000000000000000000000000000000000000000000000000000000000",
                "replace_peers=false",
                "PEER endpoint=somewhere",
                "PEER endpoint=203.0.113.9:0",
                "PEER allowed_ip=10.0.0.0/33",
                "PEER protocol_version=2",
                "PEER colour=blue"
            })
    void refusesWhatCannotBeRead(String change) {
        String lines = change.startsWith("PEER ") ? peer(change.substring(5)) : change + "\n";

        assertThat(device.answer("set=1\n" + lines + "\n")).isEqualTo(INVALID);
    }

    @Test
    void movesAPeerThatNobodySaysTheEndpointOf() {
        String request = "set=1\npublic_key=" + hex(PORTO.toBytes()) + "\nendpoint=203.0.113.9:51820\n\n";

        assertThat(device.answer(request)).isEqualTo(OK);
        assertThat(device.moved).hasToString("{" + PORTO + "=203.0.113.9:51820}");
    }

    @Test
    void doesAllOfARequestOrNothing() {
        String request = "set=1\npublic_key=" + hex(PORTO.toBytes()) + "\nendpoint=203.0.113.9:51820\n"
                + peer("remove=true") + "\n";

        assertThat(device.answer(request)).isEqualTo(NOT_PERMITTED);
        assertThat(device.moved).isEmpty();
    }

    @Test
    void hasNoFirewallMark() {
        assertThat(device.answer("set=1\nfwmark=51820\n\n")).isEqualTo("errno=-95\n\n");
    }

    @Test
    void removesNobodyFromNobody() {
        assertThat(device.answer("set=1\npublic_key=" + "01".repeat(32) + "\nremove=true\n\n"))
                .isEqualTo(OK);
        assertThat(device.answer("set=1\npublic_key=" + "01".repeat(32) + "\nupdate_only=true\n\n"))
                .isEqualTo(OK);
    }

    @Test
    void answersOneRequestAfterTheOther() {
        assertThat(device.answer("set=1\n\nset=1\ncolour=blue\n\nset=1\n\n")).isEqualTo(OK + INVALID + OK);
    }

    @Test
    void saysThatThereIsNoTunnelYet() {
        assertThat(FixedDevice.absent().answer("get=1\n\nset=1\n\n")).isEqualTo("errno=-19\n\nerrno=-19\n\n");
    }

    @Test
    void hangsUpOnWhatIsNoRequest() {
        assertThat(device.answer("GET / HTTP/1.1\n\nget=1\n\n")).isEqualTo(INVALID);
        assertThat(device.answer("get=1\nlisten_port=1\n\n")).isEqualTo(INVALID);
        assertThat(device.answer("get=1")).isEmpty();
        assertThat(device.answer("set=1\n" + "a".repeat(UapiDialogue.LONGEST_LINE) + "\n\n"))
                .isEmpty();
        assertThat(device.answer("set=1\n" + "a=b\n".repeat(UapiDialogue.MOST_LINES + 1) + "\n"))
                .isEmpty();
    }

    private static String peer(String line) {
        return "public_key=" + hex(LISBON.toBytes()) + "\n" + line + "\n";
    }
}
