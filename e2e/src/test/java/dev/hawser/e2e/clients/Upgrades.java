// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** What a kubectl is asked to speak where it upgrades a connection. */
enum Upgrades {
    AS_IT_LIKES("as it likes", "", "", ""),
    WEBSOCKET("WebSocket", "true", "WebSocket", "WebSocket"),
    /** Those that can do it for commands only. */
    WEBSOCKET_BUT_FORWARDS("WebSocket but for port-forward", "true", "WebSocket", "SPDY"),
    SPDY("SPDY", "false", "SPDY", "SPDY");

    /** How talkative kubectl has to be to tell. */
    static final String VERBOSE = "--v=7";

    private final String title;
    private final String websockets;
    private final String command;
    private final String forward;

    /**
     * @param websockets value of the variables that ask for it; none if empty
     * @param command what exec has to speak then, whatever it is if empty
     * @param forward what port-forward has to speak then, whatever it is if empty
     */
    Upgrades(String title, String websockets, String command, String forward) {
        this.title = title;
        this.websockets = websockets;
        this.command = command;
        this.forward = forward;
    }

    String title() {
        return title;
    }

    Map<String, String> environment() {
        return websockets.isEmpty()
                ? Map.of()
                : Map.of(
                        "KUBECTL_REMOTE_COMMAND_WEBSOCKETS", websockets, "KUBECTL_PORT_FORWARD_WEBSOCKETS", websockets);
    }

    /** What exec spoke, by its own words; another than it was asked for is a failure. */
    String ofCommand(String said) {
        return checked(command, said);
    }

    /** The same of port-forward. */
    String ofForward(String said) {
        return checked(forward, said);
    }

    private static String checked(String wanted, String said) {
        String spoken = spoken(said);
        assertThat(spoken).as(said).startsWith(wanted);
        return spoken;
    }

    /** It falls back to SPDY by itself where WebSocket is refused: what it asked for first says nothing. */
    private static String spoken(String said) {
        if (said.contains("The subprotocol is ") || said.contains("negotiated protocol: ")) {
            return "WebSocket";
        }
        assertThat(said).contains("X-Stream-Protocol-Version");
        return "SPDY";
    }
}
