// Command kubebox is every program of a lab cluster in one file: etcd, the control plane, kubelet, kube-proxy and kubectl.
//
// The first argument names the program; a link to the file with that program's name works as well. One binary
// shares one copy of the Kubernetes libraries, so it links in seconds when only this file changes and stays
// a third of the size of the programs taken one by one.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

// commands maps a program's name to the constructor of its command tree; etcd has a main function of its own.
var commands = map[string]func() *cobra.Command{
	"kube-apiserver":          apiserver.NewAPIServerCommand,
	"kube-controller-manager": controllermanager.NewControllerManagerCommand,
	"kube-proxy":              proxy.NewProxyCommand,
	"kube-scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
	"kubelet":                 func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) },
	"kubectl":                 kubectl.NewDefaultKubectlCommand,
}

func main() {
	program := filepath.Base(os.Args[0])
	if program == "kubebox" {
		if len(os.Args) < 2 {
			fail("no program named")
		}
		os.Args = os.Args[1:]
		program = os.Args[0]
	}
	if program == "etcd" {
		etcdmain.Main(os.Args)
		return
	}
	newCommand, known := commands[program]
	if !known {
		fail(fmt.Sprintf("%q is not a program of this binary", program))
	}
	os.Exit(cli.Run(newCommand()))
}

func fail(what string) {
	fmt.Fprintf(os.Stderr, "kubebox: %s; call it as: kubebox etcd|kube-apiserver|kubelet|... ARGUMENT...\n", what)
	os.Exit(2)
}
