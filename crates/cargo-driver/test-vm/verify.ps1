#Requires -Version 5.1
#Requires -RunAsAdministrator
<#
.SYNOPSIS
    Turns Driver Verifier and KMDF Verifier on for this driver, or off.

.DESCRIPTION
    The flags are those that stand for the rules of the emulator (settings.json, docs/test-vm.md). Driver Verifier is on
    after the next start of Windows, and turns itself off when Windows does not start any more. KMDF Verifier reads its
    values when the driver is loaded.

.PARAMETER Off
    Turns both off. Driver Verifier is reset as a whole.

.PARAMETER BreakOnError
    KMDF Verifier stops at a breakpoint at each mistake. For a machine with a kernel debugger: without one, the system
    stops.

.PARAMETER IncludeFramework
    Driver Verifier also watches Wdf01000.sys, which allocates what the framework gives to the driver. This concerns all
    KMDF drivers of the machine.

.EXAMPLE
    powershell -NoProfile -ExecutionPolicy Bypass -File verify.ps1
#>
[CmdletBinding()]
param(
    [switch] $Off,
    [switch] $BreakOnError,
    [switch] $IncludeFramework
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'common.ps1')

function Set-DriverVerifier {
    <# .SYNOPSIS Turns Driver Verifier on for the driver, and returns whether that takes a restart. #>
    param([Parameter(Mandatory = $true)] $Settings)
    $drivers = @($Settings.image)
    if ($IncludeFramework) {
        $drivers += 'Wdf01000.sys'
    }
    $arguments = @('/flags', $Settings.verifier.flags, '/driver') + $drivers
    # 2: after a restart. 0: it was set that way.
    $ended = Assert-Tool -Path 'verifier.exe' -Arguments $arguments -Good @(0, 2)
    # After a crash it is off, so that a driver that crashes at each start does not keep Windows from starting.
    $mode = Invoke-Tool -Path 'verifier.exe' -Arguments @('/bootmode', 'resetonunusualshutdown')
    if (@(0, 2) -notcontains $mode.ExitCode) {
        Write-Note 'this Windows does not know /bootmode resetonunusualshutdown: Driver Verifier stays on after a crash'
    }
    Write-Note "Driver Verifier: $($Settings.verifier.flags) for $($drivers -join ', ')"
    $ended.ExitCode -eq 2
}

function Set-KmdfVerifier {
    <# .SYNOPSIS Sets the values of the framework for this driver. #>
    param([Parameter(Mandatory = $true)] $Settings)
    $key = Get-WdfKey -Settings $Settings
    $service = Split-Path -Parent (Split-Path -Parent $key)
    if (-not (Test-Path -LiteralPath $service)) {
        Stop-Step -Code $ExitUsage -Message "there is no service $($Settings.service) (install.ps1 comes before verify.ps1)"
    }
    if (-not (Test-Path -LiteralPath $key)) {
        $null = New-Item -Path $key -Force
    }
    foreach ($value in @($Settings.verifier.kmdf)) {
        $data = $value.data
        if ($value.name -eq 'DbgBreakOnError' -and $BreakOnError) {
            $data = 1
        }
        if ($value.type -eq 'MultiString') {
            $data = [string[]] @($data)
        }
        $null = New-ItemProperty -LiteralPath $key -Name $value.name -PropertyType $value.type -Value $data -Force
    }
    Write-Note "KMDF Verifier: $(@($Settings.verifier.kmdf | ForEach-Object { $_.name }) -join ', ')"
}

function Clear-Verifier {
    <# .SYNOPSIS Turns both off, and returns whether that takes a restart. #>
    param([Parameter(Mandatory = $true)] $Settings)
    $key = Get-WdfKey -Settings $Settings
    if (Test-Path -LiteralPath $key) {
        foreach ($value in @($Settings.verifier.kmdf)) {
            Remove-ItemProperty -LiteralPath $key -Name $value.name -ErrorAction SilentlyContinue
        }
    }
    $ended = Assert-Tool -Path 'verifier.exe' -Arguments @('/reset') -Good @(0, 2)
    Write-Note 'Driver Verifier and KMDF Verifier are off'
    $ended.ExitCode -eq 2
}

$code = Invoke-Step -Name 'verify' -Body {
    $settings = Get-Settings
    if ($Off) {
        $restart = Clear-Verifier -Settings $settings
    } elseif ($settings.verifier.level -eq 'off') {
        Write-Note 'settings.json says that nothing is verified'
        $restart = $false
    } else {
        if (@($settings.verifier.kmdf).Count -gt 0) {
            Set-KmdfVerifier -Settings $settings
        }
        $restart = Set-DriverVerifier -Settings $settings
    }
    if ($restart) {
        $script:StepExit = $ExitRestart
    }
}
exit $code
