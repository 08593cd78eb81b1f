// SPDX-License-Identifier: Apache-2.0

// A process on client-go. Arguments: kubeconfig, feature. Ends with "done", or with what was wrong. It is built within the
// module of lab/kubebox, whose client-go it uses.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/client-go/util/exec"
)

const (
	namespace = "demo"
	pod       = "toolbox"
	peer      = "3rd-lisbon"
	large     = 900 * 1024
)

var (
	ctx, _ = context.WithTimeout(context.Background(), 30*time.Second)
	config *rest.Config
	client *kubernetes.Clientset
)

func main() {
	var err error
	if config, err = clientcmd.BuildConfigFromFlags("", os.Args[1]); err == nil {
		client, err = kubernetes.NewForConfig(config)
	}
	features := map[string]func() error{"get": get, "logs": logs, "exec": run, "watch": watch, "apply": apply}
	if err == nil {
		err = features[os.Args[2]]()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("done")
}

func require(condition bool, what string) error {
	if condition {
		return nil
	}
	return fmt.Errorf("not as it should be: %s", what)
}

func get() error {
	greeting, err := client.CoreV1().ConfigMaps(namespace).Get(ctx, "greeting", meta.GetOptions{})
	if err != nil {
		return err
	}
	return require(greeting.Data["cluster"] == peer, "greeting")
}

func logs() error {
	last := int64(1)
	log, err := client.CoreV1().Pods(namespace).GetLogs(pod, &core.PodLogOptions{Follow: true, TailLines: &last}).Stream(ctx)
	if err != nil {
		return err
	}
	defer log.Close()
	lines := bufio.NewScanner(log)
	for i := 0; i < 3; i++ {
		if !lines.Scan() || !strings.Contains(lines.Text(), "tick of "+peer) {
			return require(false, "a line of the log")
		}
	}
	return nil
}

func run() error {
	request := client.CoreV1().RESTClient().Get().Resource("pods").Name(pod).Namespace(namespace).SubResource("exec").
		VersionedParams(&core.PodExecOptions{
			Command: []string{"sh", "-c", "cat; exit 7"}, Stdin: true, Stdout: true, Stderr: true,
		}, scheme.ParameterCodec)
	executor, err := remotecommand.NewWebSocketExecutor(config, "GET", request.URL().String())
	if err != nil {
		return err
	}
	var output bytes.Buffer
	err = executor.StreamWithContext(ctx, remotecommand.StreamOptions{
		Stdin: strings.NewReader("hello\n"), Stdout: &output, Stderr: os.Stderr,
	})
	var exit exec.CodeExitError
	return require(errors.As(err, &exit) && exit.Code == 7 && output.String() == "hello\n",
		fmt.Sprintf("output %q and %v", output.String(), err))
}

func watch() error {
	maps := client.CoreV1().ConfigMaps(namespace)
	events, err := maps.Watch(ctx, meta.ListOptions{})
	if err != nil {
		return err
	}
	defer events.Stop()
	name := "watched-by-client-go"
	if _, err := maps.Create(ctx, &core.ConfigMap{ObjectMeta: meta.ObjectMeta{Name: name}}, meta.CreateOptions{}); err != nil {
		return err
	}
	defer maps.Delete(ctx, name, meta.DeleteOptions{})
	for event := range events.ResultChan() {
		if seen, ok := event.Object.(*core.ConfigMap); ok && seen.Name == name {
			return nil
		}
	}
	return require(false, "no event")
}

func apply() error {
	maps := client.CoreV1().ConfigMaps(namespace)
	name := "large-by-client-go"
	body := fmt.Sprintf(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"},"data":{"text":"%s"}}`,
		name, strings.Repeat("a", large))
	defer maps.Delete(ctx, name, meta.DeleteOptions{})
	if _, err := maps.Patch(ctx, name, types.ApplyPatchType, []byte(body), meta.PatchOptions{FieldManager: "client-go"}); err != nil {
		return err
	}
	back, err := maps.Get(ctx, name, meta.GetOptions{})
	if err != nil {
		return err
	}
	return require(len(back.Data["text"]) == large, "length")
}
