// SPDX-License-Identifier: Apache-2.0

// A process on client-go. Arguments: kubeconfig, WebSocket or SPDY for upgrades, feature. Ends with "done: " and what it did, or
// with what was wrong. It is built within the module of lab/kubebox, whose client-go it uses.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/client-go/transport/spdy"
	"k8s.io/client-go/util/exec"
)

const (
	namespace = "demo"
	pod       = "toolbox"
	peer      = "3rd-lisbon"
	large     = 900 * 1024
)

var (
	ctx, _     = context.WithTimeout(context.Background(), 30*time.Second)
	config     *rest.Config
	client     *kubernetes.Clientset
	websockets bool
)

func main() {
	var err error
	var done string
	if config, err = clientcmd.BuildConfigFromFlags("", os.Args[1]); err == nil {
		client, err = kubernetes.NewForConfig(config)
	}
	websockets = os.Args[2] == "WebSocket"
	features := map[string]func() (string, error){
		"get": get, "logs": logs, "exec": run, "attach": attach, "port_forward": forward, "watch": watch, "apply": apply,
	}
	if err == nil {
		done, err = features[os.Args[3]]()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("done: " + done)
}

func require(condition bool, what string) error {
	if condition {
		return nil
	}
	return fmt.Errorf("not as it should be: %s", what)
}

func get() (string, error) {
	greeting, err := client.CoreV1().ConfigMaps(namespace).Get(ctx, "greeting", meta.GetOptions{})
	if err != nil {
		return "", err
	}
	cluster := greeting.Data["cluster"]
	return cluster, require(cluster == peer, "greeting of "+cluster)
}

func logs() (string, error) {
	last := int64(1)
	log, err := client.CoreV1().Pods(namespace).GetLogs(pod, &core.PodLogOptions{Follow: true, TailLines: &last}).Stream(ctx)
	if err != nil {
		return "", err
	}
	defer log.Close()
	return ticks(log)
}

func ticks(output io.Reader) (string, error) {
	lines := bufio.NewScanner(output)
	for i := 0; i < 3; i++ {
		if !lines.Scan() || !strings.Contains(lines.Text(), "tick of "+peer) {
			return "", require(false, fmt.Sprintf("line %q after %v", lines.Text(), lines.Err()))
		}
	}
	return "3 lines", nil
}

func upgraded(subresource string, options runtime.Object) *url.URL {
	return client.CoreV1().RESTClient().Get().Resource("pods").Name(pod).Namespace(namespace).SubResource(subresource).
		VersionedParams(options, scheme.ParameterCodec).URL()
}

func executor(target *url.URL) (remotecommand.Executor, error) {
	if websockets {
		return remotecommand.NewWebSocketExecutor(config, "GET", target.String())
	}
	return remotecommand.NewSPDYExecutor(config, "POST", target)
}

func run() (string, error) {
	program, err := executor(upgraded("exec", &core.PodExecOptions{
		Command: []string{"sh", "-c", "cat; exit 7"}, Stdin: true, Stdout: true, Stderr: true,
	}))
	if err != nil {
		return "", err
	}
	var output bytes.Buffer
	err = program.StreamWithContext(ctx, remotecommand.StreamOptions{
		Stdin: strings.NewReader("hello\n"), Stdout: &output, Stderr: os.Stderr,
	})
	var exit exec.CodeExitError
	return "input, output, exit code", require(errors.As(err, &exit) && exit.Code == 7 && output.String() == "hello\n",
		fmt.Sprintf("output %q and %v", output.String(), err))
}

func attach() (string, error) {
	program, err := executor(upgraded("attach", &core.PodAttachOptions{Stdout: true, Stderr: true}))
	if err != nil {
		return "", err
	}
	attached, leave := context.WithCancel(ctx)
	defer leave()
	output, input := io.Pipe()
	go func() {
		input.CloseWithError(program.StreamWithContext(attached, remotecommand.StreamOptions{Stdout: input, Stderr: os.Stderr}))
	}()
	return ticks(output)
}

func dialer(target *url.URL) (httpstream.Dialer, error) {
	if websockets {
		return portforward.NewSPDYOverWebsocketDialer(target, config)
	}
	transport, upgrader, err := spdy.RoundTripperFor(config)
	return spdy.NewDialer(upgrader, &http.Client{Transport: transport}, "POST", target), err
}

func forward() (string, error) {
	dial, err := dialer(upgraded("portforward", &core.PodPortForwardOptions{}))
	if err != nil {
		return "", err
	}
	ready, ended := make(chan struct{}), make(chan error, 1)
	forwarder, err := portforward.New(dial, []string{"0:8080"}, ctx.Done(), ready, io.Discard, os.Stderr)
	if err != nil {
		return "", err
	}
	go func() { ended <- forwarder.ForwardPorts() }()
	select {
	case <-ready:
	case err = <-ended:
		return "", fmt.Errorf("ended before it forwarded: %w", err)
	}
	defer forwarder.Close()
	ports, err := forwarder.GetPorts()
	if err != nil {
		return "", err
	}
	answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/", ports[0].Local))
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", err
	}
	return "a page", require(string(page) == "this is "+peer+"\n", fmt.Sprintf("page %q", page))
}

func watch() (string, error) {
	maps := client.CoreV1().ConfigMaps(namespace)
	events, err := maps.Watch(ctx, meta.ListOptions{})
	if err != nil {
		return "", err
	}
	defer events.Stop()
	name := "watched-by-client-go"
	if _, err := maps.Create(ctx, &core.ConfigMap{ObjectMeta: meta.ObjectMeta{Name: name}}, meta.CreateOptions{}); err != nil {
		return "", err
	}
	defer maps.Delete(ctx, name, meta.DeleteOptions{})
	for event := range events.ResultChan() {
		if seen, ok := event.Object.(*core.ConfigMap); ok && seen.Name == name {
			return "an event", nil
		}
	}
	return "", require(false, "no event")
}

func apply() (string, error) {
	maps := client.CoreV1().ConfigMaps(namespace)
	name := "large-by-client-go"
	body := fmt.Sprintf(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"},"data":{"text":"%s"}}`,
		name, strings.Repeat("a", large))
	defer maps.Delete(ctx, name, meta.DeleteOptions{})
	if _, err := maps.Patch(ctx, name, types.ApplyPatchType, []byte(body), meta.PatchOptions{FieldManager: "client-go"}); err != nil {
		return "", err
	}
	back, err := maps.Get(ctx, name, meta.GetOptions{})
	if err != nil {
		return "", err
	}
	return "there and back", require(len(back.Data["text"]) == large, "length")
}
